// Package throttle limits how often somebody may do something: a token bucket for each who does. It counts in one instance of a function alone, so it
// is what keeps one caller from filling it; what all instances bear together is up to the gateway.
package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// forget is how many buckets there are before those that are full again are dropped.
const forget = 4096

// Limit is a limit for each of many. It is safe for concurrent use.
type Limit struct {
	every time.Duration
	burst int
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// New makes a limit of so many at once, and one more after each pause.
func New(burst int, every time.Duration, now func() time.Time) *Limit {
	return &Limit{every: every, burst: burst, now: now, buckets: map[string]*rate.Limiter{}}
}

// Take counts one that somebody does. Where it is too many, wait is how long until the next one is not; nothing is counted then.
func (l *Limit) Take(who string) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	bucket, known := l.buckets[who]
	if !known {
		l.tidy(now)
		bucket = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.buckets[who] = bucket
	}
	if bucket.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - bucket.TokensAt(now)
	return time.Duration(missing * float64(l.every)), false
}

// tidy drops the buckets of those who have done nothing for a while: full ones limit nobody. A crowd that leaves none full is forgotten as a whole,
// which is better than to run out of memory.
func (l *Limit) tidy(now time.Time) {
	if len(l.buckets) < forget {
		return
	}
	for who, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, who)
		}
	}
	if len(l.buckets) >= forget {
		clear(l.buckets)
	}
}
