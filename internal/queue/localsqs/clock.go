package localsqs

import (
	"slices"
	"sync"
	"time"
)

// Clock is what a server reads the time from and waits by.
type Clock interface {
	Now() time.Time

	// Until returns a channel that receives once Now has reached t, and a function that gives the wait up.
	Until(t time.Time) (reached <-chan time.Time, stop func())
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Until(t time.Time) (<-chan time.Time, func()) {
	timer := time.NewTimer(time.Until(t))
	return timer.C, func() { timer.Stop() }
}

// ManualClock stands still until it is moved.
type ManualClock struct {
	mu      sync.Mutex
	changed *sync.Cond // a wait began or ended
	now     time.Time
	waits   []*wait
}

type wait struct {
	until   time.Time
	reached chan time.Time
}

// NewManualClock makes a clock that shows start.
func NewManualClock(start time.Time) *ManualClock {
	c := &ManualClock{now: start}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// Now is the time the clock was last moved to.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and ends the waits that are due.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = slices.DeleteFunc(c.waits, c.endIfDue)
	c.changed.Broadcast()
}

// Until implements [Clock].
func (c *ManualClock) Until(t time.Time) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &wait{until: t, reached: make(chan time.Time, 1)}
	if !c.endIfDue(w) {
		c.waits = append(c.waits, w)
		c.changed.Broadcast()
	}
	return w.reached, func() { c.giveUp(w) }
}

// AwaitWaits returns when n waits or more are under way: that many long polls have found nothing and sleep.
func (c *ManualClock) AwaitWaits(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waits) < n {
		c.changed.Wait()
	}
}

func (c *ManualClock) endIfDue(w *wait) bool {
	if w.until.After(c.now) {
		return false
	}
	w.reached <- c.now
	return true
}

func (c *ManualClock) giveUp(w *wait) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = slices.DeleteFunc(c.waits, func(other *wait) bool { return other == w })
	c.changed.Broadcast()
}
