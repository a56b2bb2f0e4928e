package dead

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Queue takes what is to be processed again.
type Queue interface {
	Send(context.Context, []inbox.Job) error
	Resend(ctx context.Context, body string, id uuid.UUID) error
}

// Redriver sends dead letters on their way again.
type Redriver struct {
	Store Store
	Queue Queue // nil: none is at hand
	Out   io.Writer
	// Confirm asks whether to go on.
	Confirm func(question string) (bool, error)
}

// previewed is how many dead letters are listed before the question, and chunk how many rows a transaction changes.
const (
	previewed = 10
	chunk     = 500
)

// ByID redrives what has the ids. Nothing is done unless all of them are dead.
func (r Redriver) ByID(ctx context.Context, ids []uuid.UUID) error {
	var letters []inbox.DeadLetter
	for _, id := range ids {
		letter, err := r.letter(ctx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(letters, letter) {
			letters = append(letters, letter)
		}
	}
	return r.redrive(ctx, letters)
}

// ByFilter redrives everything that a filter finds.
func (r Redriver) ByFilter(ctx context.Context, f inbox.DeadFilter) error {
	letters, err := r.Store.DeadLetters(ctx, f, 0)
	if err != nil {
		return err
	}
	return r.redrive(ctx, letters)
}

// letter finds a dead letter by its id, or says why there is none.
func (r Redriver) letter(ctx context.Context, id uuid.UUID) (inbox.DeadLetter, error) {
	row, err := r.Store.DeadRow(ctx, id)
	switch {
	case err == nil && row.State != inbox.StateDead:
		return inbox.DeadLetter{}, fmt.Errorf("row %s is not dead: it %s", id, standing(row))
	case err == nil:
		return inbox.DeadLetter{
			ID: id, Seq: row.Seq, Kind: string(row.Event.Kind), Channel: row.Channel, Reason: row.Reason, DiedAt: row.ProcessedAt,
		}, nil
	case !errors.Is(err, inbox.ErrNotFound):
		return inbox.DeadLetter{}, err
	}
	job, err := r.Store.DeadJob(ctx, id)
	if errors.Is(err, inbox.ErrNotFound) {
		return inbox.DeadLetter{}, fmt.Errorf("nothing dead has the id %s", id)
	}
	return inbox.DeadLetter{ID: id, Kind: inbox.KindJob, Reason: job.Reason, DiedAt: job.DiedAt}, err
}

func (r Redriver) redrive(ctx context.Context, letters []inbox.DeadLetter) error {
	if len(letters) == 0 {
		_, err := fmt.Fprintln(r.Out, "There are no such dead letters.")
		return err
	}
	if err := r.preview(letters); err != nil {
		return err
	}
	sure, err := r.Confirm(fmt.Sprintf("Send %s on the way again?", count(len(letters), "dead letter")))
	if err != nil {
		return err
	}
	if !sure {
		_, err := fmt.Fprintln(r.Out, "Nothing was done.")
		return err
	}
	// In the order in which they were accepted, so that the rows of a lane are processed in it.
	slices.SortStableFunc(letters, func(a, b inbox.DeadLetter) int { return cmp.Compare(a.Seq, b.Seq) })
	var rows, jobs []uuid.UUID
	for _, l := range letters {
		if l.Kind == inbox.KindJob {
			jobs = append(jobs, l.ID)
		} else {
			rows = append(rows, l.ID)
		}
	}
	return errors.Join(r.rows(ctx, rows), r.jobs(ctx, jobs))
}

func (r Redriver) preview(letters []inbox.DeadLetter) error {
	var out bytes.Buffer
	writeLetters(&out, letters[:min(len(letters), previewed)])
	if rest := len(letters) - previewed; rest > 0 {
		fmt.Fprintf(&out, "... and %d more\n", rest)
	}
	fmt.Fprintln(&out)
	_, err := r.Out.Write(out.Bytes())
	return err
}

var errNoQueue = errors.New("no queue is known here")

// rows stores rows again and queues their jobs. After a queue that fails the rest is stored all the same: the rows are the truth, and what is
// not queued is overdue soon.
func (r Redriver) rows(ctx context.Context, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	stored, queued := 0, 0
	var queueErr error
	if r.Queue == nil {
		queueErr = errNoQueue
	}
	for some := range slices.Chunk(ids, chunk) {
		done, err := r.Store.Redrive(ctx, some)
		if err != nil {
			return errors.Join(err, r.told(stored, queued, queueErr))
		}
		stored += done.Rows
		if queueErr == nil {
			if queueErr = r.Queue.Send(ctx, done.Jobs); queueErr == nil {
				queued += len(done.Jobs)
			}
		}
	}
	return r.told(stored, queued, queueErr)
}

func (r Redriver) told(stored, queued int, queueErr error) error {
	text := fmt.Sprintf("%s stored again, %s queued.", count(stored, "row"), count(queued, "job"))
	if queueErr != nil && stored > 0 {
		text += fmt.Sprintf("\nThe queue cannot be reached (%v).\nThe rows are stored: the overdue check queues them within minutes.", queueErr)
	}
	_, err := fmt.Fprintln(r.Out, text)
	return err
}

// jobs sends jobs again. One that the queue does not take stays dead: nothing else knows of it.
func (r Redriver) jobs(ctx context.Context, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	sent := 0
	var failed error
	for _, id := range ids {
		if failed = r.job(ctx, id); failed != nil {
			break
		}
		sent++
	}
	fmt.Fprintf(r.Out, "%s sent again.\n", count(sent, "dead job"))
	if failed != nil {
		return fmt.Errorf("%s not sent, and dead as before: %w", count(len(ids)-sent, "job"), failed)
	}
	return nil
}

func (r Redriver) job(ctx context.Context, id uuid.UUID) error {
	if r.Queue == nil {
		return errNoQueue
	}
	job, err := r.Store.DeadJob(ctx, id)
	if err != nil {
		return err
	}
	if err := r.Queue.Resend(ctx, job.Body, uuid.Must(uuid.NewV7())); err != nil {
		return err
	}
	return r.Store.JobRedriven(ctx, id)
}
