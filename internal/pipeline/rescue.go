package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"omni/internal/inbox"
	"omni/internal/patience"
)

// rescueEvery is how often an instance looks for overdue jobs at most, and rescueMost how many it takes at once.
const (
	rescueEvery = 30 * time.Second
	rescueMost  = 100
)

// OverdueStore finds the jobs that nobody fulfilled in time.
type OverdueStore interface {
	// Overdue takes overdue jobs, for nobody else to take, with the age of the oldest.
	Overdue(ctx context.Context, max int) (jobs []inbox.Job, oldest time.Duration, err error)
}

// Rescuer looks after what is overdue of one kind, and returns how much that was.
type Rescuer interface {
	Rescue(context.Context) (int, error)
}

// Rescue looks after everything that was written and never done: its message was lost, or never sent because the queue refused it.
type Rescue struct {
	rescuers []Rescuer
	log      *slog.Logger
	now      func() time.Time

	mu   sync.Mutex
	last time.Time
}

// NewRescue makes a rescue that first looks half a minute after it was made: an instance has something better to do when it starts.
func NewRescue(log *slog.Logger, now func() time.Time, rescuers ...Rescuer) *Rescue {
	return &Rescue{rescuers: rescuers, log: log, now: now, last: now()}
}

// Try looks for overdue jobs unless that was done lately. Its errors are logged: whoever calls it has done his own work.
func (r *Rescue) Try(ctx context.Context) {
	r.mu.Lock()
	due := !patience.Lately(r.now(), r.last, rescueEvery)
	if due {
		r.last = r.now()
	}
	r.mu.Unlock()
	if !due {
		return
	}
	if _, err := r.Run(ctx); err != nil {
		r.log.Error("overdue jobs not queued again", "error", err.Error())
	}
}

// Run looks after everything that is overdue, and returns how much that was. What cannot be rescued does not keep it from the rest.
func (r *Rescue) Run(ctx context.Context) (total int, err error) {
	for _, one := range r.rescuers {
		number, failed := one.Rescue(ctx)
		total, err = total+number, errors.Join(err, failed)
	}
	return total, err
}

// inBatches takes what is overdue, some at a time, until there is no more, and handles it. It returns how much that was.
func inBatches[T any](ctx context.Context, take func(context.Context, int) ([]T, error), handle func([]T) error) (int, error) {
	for total := 0; ; {
		batch, err := take(ctx, rescueMost)
		if err != nil || len(batch) == 0 {
			return total, err
		}
		if err := handle(batch); err != nil {
			return total, err
		}
		if total += len(batch); len(batch) < rescueMost {
			return total, nil
		}
	}
}

// Wakes are the jobs that wake the processor.
type Wakes struct {
	Store OverdueStore
	Queue JobQueue
	Meter Meter
	Log   *slog.Logger
}

// Rescue queues jobs again that nobody fulfilled in time, and returns how many there were.
func (w *Wakes) Rescue(ctx context.Context) (int, error) {
	var oldest time.Duration
	take := func(ctx context.Context, most int) (jobs []inbox.Job, err error) {
		jobs, oldest, err = w.Store.Overdue(ctx, most)
		return jobs, err
	}
	return inBatches(ctx, take, func(jobs []inbox.Job) error {
		if err := w.Queue.Send(ctx, jobs); err != nil {
			return err
		}
		w.Log.Warn("overdue jobs queued again", "jobs", len(jobs), "oldest_seconds", oldest.Seconds())
		w.Meter.CountAged(AllChannels, map[string]int{CountOverdue: len(jobs)}, AgeOverdue, oldest)
		return nil
	})
}
