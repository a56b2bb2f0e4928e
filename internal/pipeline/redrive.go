package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// RedriveStore has the dead letters.
type RedriveStore interface {
	DeadRow(context.Context, uuid.UUID) (inbox.DeadRow, error)
	DeadJob(context.Context, uuid.UUID) (inbox.KeptJob, error)
	// Redrive makes rows stored again that are dead.
	Redrive(ctx context.Context, by inbox.Actor, rows []uuid.UUID) (inbox.Redriven, error)
	// JobRedriven notes that a job was sent on its way again.
	JobRedriven(ctx context.Context, by inbox.Actor, id uuid.UUID) error
}

// RedriveQueue takes what is to be processed again.
type RedriveQueue interface {
	Send(context.Context, []inbox.Job) error
	Resend(ctx context.Context, body string, id uuid.UUID) error
}

// Redriver sends dead letters on their way again.
type Redriver struct {
	Store RedriveStore
	Queue RedriveQueue // nil: none is at hand
}

// Redriving is what came of sending dead letters on their way again.
type Redriving struct {
	Rows     int   // that wait to be processed again
	Queued   int   // jobs that process them
	Unqueued error // why not all of these jobs are queued: they will be found as overdue
	Jobs     int   // dead jobs that were sent again
	Unsent   error // why not all of these were: the others are dead as before
}

// NotDeadError means that something that is to be redriven is not dead.
type NotDeadError struct {
	ID    uuid.UUID
	State inbox.State // empty: there is nothing of the id
}

func (e *NotDeadError) Error() string {
	switch e.State {
	case "":
		return fmt.Sprintf("nothing dead has the id %s", e.ID)
	case inbox.StateStored:
		return fmt.Sprintf("row %s is not dead: it waits to be processed", e.ID)
	}
	return fmt.Sprintf("row %s is not dead: it was processed", e.ID)
}

// Find returns the dead letters of some ids, each once, or a [NotDeadError] if one of them is none.
func (r Redriver) Find(ctx context.Context, ids []uuid.UUID) ([]inbox.DeadLetter, error) {
	var letters []inbox.DeadLetter
	for _, id := range ids {
		letter, err := r.letter(ctx, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(letters, letter) {
			letters = append(letters, letter)
		}
	}
	return letters, nil
}

func (r Redriver) letter(ctx context.Context, id uuid.UUID) (inbox.DeadLetter, error) {
	row, err := r.Store.DeadRow(ctx, id)
	switch {
	case err == nil && row.State != inbox.StateDead:
		return inbox.DeadLetter{}, &NotDeadError{ID: id, State: row.State}
	case err == nil:
		return inbox.DeadLetter{
			ID: id, Seq: row.Seq, Kind: string(row.Event.Kind), Channel: row.Channel, Reason: row.Reason, DiedAt: row.ProcessedAt, RedrivenAt: row.RedrivenAt,
		}, nil
	case !errors.Is(err, inbox.ErrNotFound):
		return inbox.DeadLetter{}, err
	}
	job, err := r.Store.DeadJob(ctx, id)
	if errors.Is(err, inbox.ErrNotFound) {
		return inbox.DeadLetter{}, &NotDeadError{ID: id}
	}
	return inbox.DeadLetter{ID: id, Kind: inbox.KindJob, Reason: job.Reason, DiedAt: job.DiedAt, RedrivenAt: job.RedrivenAt}, err
}

// redriveChunk is how many rows one transaction changes.
const redriveChunk = 500

// Redrive sends dead letters on their way again. The error is that of the store; what was done before it is in the first result.
func (r Redriver) Redrive(ctx context.Context, by inbox.Actor, letters []inbox.DeadLetter) (Redriving, error) {
	// In the order in which they were accepted, so that the rows of a lane are processed in it.
	letters = slices.SortedStableFunc(slices.Values(letters), func(a, b inbox.DeadLetter) int { return cmp.Compare(a.Seq, b.Seq) })
	var rows, jobs []uuid.UUID
	for _, l := range letters {
		if l.Kind == inbox.KindJob {
			jobs = append(jobs, l.ID)
		} else {
			rows = append(rows, l.ID)
		}
	}
	var done Redriving
	if err := r.rows(ctx, by, rows, &done); err != nil {
		return done, err
	}
	for _, id := range jobs {
		if done.Unsent = r.job(ctx, by, id); done.Unsent != nil {
			break
		}
		done.Jobs++
	}
	return done, nil
}

var errNoRedriveQueue = errors.New("no queue is known here")

// rows stores rows again and queues their jobs. After a queue that fails the rest is stored all the same: the rows are the truth.
func (r Redriver) rows(ctx context.Context, by inbox.Actor, ids []uuid.UUID, done *Redriving) error {
	if r.Queue == nil && len(ids) > 0 {
		done.Unqueued = errNoRedriveQueue
	}
	for some := range slices.Chunk(ids, redriveChunk) {
		again, err := r.Store.Redrive(ctx, by, some)
		if err != nil {
			return err
		}
		done.Rows += again.Rows
		if done.Unqueued != nil {
			continue
		}
		if done.Unqueued = r.Queue.Send(ctx, again.Jobs); done.Unqueued == nil {
			done.Queued += len(again.Jobs)
		}
	}
	return nil
}

// job sends a job again. One that the queue does not take stays dead: nothing else knows of it.
func (r Redriver) job(ctx context.Context, by inbox.Actor, id uuid.UUID) error {
	if r.Queue == nil {
		return errNoRedriveQueue
	}
	job, err := r.Store.DeadJob(ctx, id)
	if err != nil {
		return err
	}
	if err := r.Queue.Resend(ctx, job.Body, newID()); err != nil {
		return err
	}
	return r.Store.JobRedriven(ctx, by, id)
}
