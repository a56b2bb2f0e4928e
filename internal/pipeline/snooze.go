package pipeline

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"omni/internal/patience"
)

// SnoozeStore keeps the conversations that sleep.
type SnoozeStore interface {
	// Wake opens conversations again that slept until now, and returns which, and the subscriptions of which deliveries can go.
	Wake(ctx context.Context, most int) (woken, told []uuid.UUID, err error)
}

// Snoozes opens conversations again when their time has come. Whoever has the database awake anyway looks for them.
type Snoozes struct {
	Store       SnoozeStore
	Subscribers *Subscribers // nil: nobody is told of changes
	Log         *slog.Logger
	Now         func() time.Time

	mu   sync.Mutex
	last time.Time
}

// wakeEvery is how often an instance looks at most.
const wakeEvery = 5 * time.Second

// Try opens what is due, unless that was looked for lately. Its errors are logged: whoever calls it has something else to do.
func (s *Snoozes) Try(ctx context.Context) {
	s.mu.Lock()
	due := !patience.Lately(s.Now(), s.last, wakeEvery)
	if due {
		s.last = s.Now()
	}
	s.mu.Unlock()
	if !due {
		return
	}
	if _, err := s.Rescue(ctx); err != nil {
		s.Log.Error("snoozed conversations not opened again", "error", err.Error())
	}
}

// Rescue opens everything that is due, and returns how much that was.
func (s *Snoozes) Rescue(ctx context.Context) (int, error) {
	take := func(ctx context.Context, most int) ([]uuid.UUID, error) {
		woken, told, err := s.Store.Wake(ctx, most)
		s.Subscribers.Notify(ctx, told)
		return woken, err
	}
	return inBatches(ctx, take, func(woken []uuid.UUID) error {
		s.Log.Info("conversations opened again", "conversations", len(woken))
		return nil
	})
}
