package pipeline

import (
	"sync"
	"time"
)

// probeAfter is how long a database that did not answer is left alone before one webhook tries it again.
const probeAfter = 3 * time.Second

// breaker remembers whether the database answered, so that not every webhook has to wait for one that is asleep. It starts closed: the
// database is asked.
type breaker struct {
	now func() time.Time

	mu    sync.Mutex
	until time.Time // the database is not asked before; zero: it answers
}

// allows reports whether the database may be asked. While it does not answer, that is one caller every few seconds.
func (b *breaker) allows() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if now.Before(b.until) {
		return false
	}
	if !b.until.IsZero() {
		b.until = now.Add(probeAfter)
	}
	return true
}

// report tells whether the database answered.
func (b *breaker) report(answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.until = time.Time{}
	if !answered {
		b.until = b.now().Add(probeAfter)
	}
}
