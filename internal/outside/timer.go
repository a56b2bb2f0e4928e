// Package outside is the work of the zone that reaches the internet and never the database: what it needs comes with the message, and
// what comes of it goes back as one.
package outside

import (
	"context"
	"time"

	"omni/internal/queue"
)

// Timer is the consumer of the timer queue, on which messages wait until they are due.
type Timer struct {
	Queue *queue.Timer
	Now   func() time.Time
}

// Tick takes one delivery of the timer queue: it delivers a message that is due to its target and makes another one wait on. On nil the
// delivery is done with and may be deleted. If it is not (a crash, a lost answer) it comes again and there are two of the message, of which
// a FIFO target drops one. An error leaves the message where it is; [queue.ErrUnreadable] will not go away by itself.
func (t Timer) Tick(ctx context.Context, body string) error {
	m, err := queue.DecodeTimed(body)
	if err != nil {
		return err
	}
	if m.At.After(t.Now()) {
		return t.Queue.Later(ctx, m)
	}
	return t.Queue.Deliver(ctx, m)
}
