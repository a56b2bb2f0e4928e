package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"omni/internal/inbox"
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

// Rescue queues jobs again that were stored and never fulfilled: their message was lost, or never sent because the queue refused it.
type Rescue struct {
	store   OverdueStore
	queue   JobQueue
	answers *Answers
	others  []Rescuer
	meter   Meter
	log     *slog.Logger
	now     func() time.Time

	mu   sync.Mutex
	last time.Time
}

// Rescuer looks after what else may be overdue, and returns how much that was.
type Rescuer interface {
	Rescue(context.Context) (int, error)
}

// NewRescue makes a rescue that first looks half a minute after it was made: an instance has something better to do when it starts.
func NewRescue(
	store OverdueStore, queue JobQueue, answers *Answers, meter Meter, log *slog.Logger, now func() time.Time, others ...Rescuer,
) *Rescue {
	return &Rescue{store: store, queue: queue, answers: answers, others: others, meter: meter, log: log, now: now, last: now()}
}

// Try looks for overdue jobs unless that was done lately. Its errors are logged: whoever calls it has done his own work.
func (r *Rescue) Try(ctx context.Context) {
	r.mu.Lock()
	due := r.now().Sub(r.last) >= rescueEvery
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

// Run queues every overdue job again, messages that we send and all others among them, and returns how many there were. What cannot be rescued
// does not keep it from the rest.
func (r *Rescue) Run(ctx context.Context) (int, error) {
	total, err := r.jobs(ctx)
	if err != nil {
		return total, err
	}
	sends, err := r.answers.RescueSends(ctx)
	total += sends
	for _, other := range r.others {
		number, failed := other.Rescue(ctx)
		total, err = total+number, errors.Join(err, failed)
	}
	return total, err
}

func (r *Rescue) jobs(ctx context.Context) (int, error) {
	total := 0
	for {
		jobs, oldest, err := r.store.Overdue(ctx, rescueMost)
		if err != nil || len(jobs) == 0 {
			return total, err
		}
		if err := r.queue.Send(ctx, jobs); err != nil {
			return total, err
		}
		total += len(jobs)
		r.log.Warn("overdue jobs queued again", "jobs", len(jobs), "oldest_seconds", oldest.Seconds())
		r.meter.CountAged(AllChannels, map[string]int{CountOverdue: len(jobs)}, AgeOverdue, oldest)
		if len(jobs) < rescueMost {
			return total, nil
		}
	}
}
