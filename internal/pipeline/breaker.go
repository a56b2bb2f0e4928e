package pipeline

import (
	"sync"
	"time"

	"omni/internal/patience"
)

// probeAfter is how long a database that did not answer is left alone before one webhook tries it again.
const probeAfter = 3 * time.Second

// breaker remembers whether the database answered, so that not every webhook has to wait for one that is asleep. It starts closed: the
// database is asked.
type breaker struct {
	now func() time.Time

	mu    sync.Mutex
	since time.Time // the database did not answer then, or is asked since; zero: it answers
}

// allows reports whether the database may be asked. While it does not answer, that is one caller every few seconds.
func (b *breaker) allows() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if patience.Lately(now, b.since, probeAfter) {
		return false
	}
	if !b.since.IsZero() {
		b.since = now
	}
	return true
}

// report tells whether the database answered.
func (b *breaker) report(answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.since = time.Time{}
	if !answered {
		b.since = b.now()
	}
}
