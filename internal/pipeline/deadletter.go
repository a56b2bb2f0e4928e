package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// maxAttempts is how often a job that carries a webhook is sent on its way again after it died.
const maxAttempts = 5

// DeadJobStore knows what became of jobs.
type DeadJobStore interface {
	// Reopen raises the attempt of a job that is still to be done; ok is false for one that was fulfilled.
	Reopen(ctx context.Context, job inbox.Job) (again inbox.Job, ok bool, err error)
	// KeepDead keeps a job that is given up.
	KeepDead(ctx context.Context, job inbox.DeadJob) error
}

// DeadQueue takes what is sent on its way again.
type DeadQueue interface {
	IngestQueue
	// Report queues what is known after an attempt at a message of ours.
	Report(context.Context, inbox.Job, inbox.Outcome) error
	// Resend queues the body of a message once more, byte for byte; id is to be a new one.
	Resend(ctx context.Context, body string, id uuid.UUID) error
}

// DeadLetters handles jobs that came to rest in a dead letter queue: they failed too often, for reasons of the infrastructure. The rows in
// the database are the truth, so a job that only wakes the processor can be made again at any time; one that carries a webhook is all there is
// of it and must not be lost.
type DeadLetters struct {
	Store DeadJobStore
	Queue DeadQueue
	Meter Meter
	Log   *slog.Logger
	Now   func() time.Time
}

// Job sends a dead job on its way again, or keeps it with its reason. An error means that neither could be done and that it has to stay.
func (d *DeadLetters) Job(ctx context.Context, job inbox.Job, w *inbox.Webhook, dead inbox.DeadJob) error {
	if w == nil {
		return d.wake(ctx, job)
	}
	if job.Attempt >= maxAttempts {
		dead.Reason = fmt.Sprintf("it could not be stored in %d attempts", job.Attempt)
		return d.Keep(ctx, dead)
	}
	job.Attempt++
	d.Log.Warn("dead job sent again", "job_id", job.ID, "attempt", job.Attempt, "webhook_id", w.ID)
	return d.Queue.Spill(ctx, []inbox.Part{{Job: job, Webhook: *w}})
}

// Send reports that an attempt at a message of ours came to no end: it may have delivered.
func (d *DeadLetters) Send(ctx context.Context, job inbox.Job) error {
	d.Log.Warn("attempt at a message died", "message_id", job.ID, "attempt", job.Attempt)
	return d.Queue.Report(ctx, job, inbox.Interrupted(job, d.Now()))
}

// Outcome sends what is known after an attempt on its way again. It holds up its conversation until it is recorded.
func (d *DeadLetters) Outcome(ctx context.Context, o inbox.Outcome, body string) error {
	d.Log.Warn("outcome of an attempt sent again", "message_id", o.Message, "attempt", o.Attempt)
	return d.Queue.Resend(ctx, body, newID())
}

// File lets go of a dead attempt to fetch a file, or of what was known after one: the file is overdue then, and tried again.
func (d *DeadLetters) File(job inbox.Job) {
	d.Log.Warn("dead attempt at a file: it will be found as overdue", "file_id", job.ID, "attempt", job.Attempt)
}

func (d *DeadLetters) wake(ctx context.Context, job inbox.Job) error {
	again, open, err := d.Store.Reopen(ctx, job)
	if err != nil {
		return err
	}
	if !open {
		d.Log.Info("dead job was fulfilled by another", "job_id", job.ID)
		return nil
	}
	d.Log.Warn("dead job sent again", "job_id", job.ID, "attempt", again.Attempt)
	return d.Queue.Send(ctx, []inbox.Job{again})
}

// Keep gives a job up: it waits for an operator, who finds the reason with it.
func (d *DeadLetters) Keep(ctx context.Context, dead inbox.DeadJob) error {
	if err := d.Store.KeepDead(ctx, dead); err != nil {
		return err
	}
	d.Log.Error("job is given up", "dead_job_id", dead.ID, "queue", dead.Queue, "reason", dead.Reason)
	d.Meter.Count(AllChannels, map[string]int{CountDeadJob: 1})
	return nil
}
