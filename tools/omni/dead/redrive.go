package dead

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// Queue takes what is to be processed again.
type Queue = pipeline.RedriveQueue

// Redriver sends dead letters on their way again.
type Redriver struct {
	Store Store
	Queue Queue // nil: none is at hand
	Out   io.Writer
	// Confirm asks whether to go on.
	Confirm func(question string) (bool, error)
}

// previewed is how many dead letters are listed before the question.
const previewed = 10

func (r Redriver) redriver() pipeline.Redriver {
	return pipeline.Redriver{Store: r.Store, Queue: r.Queue}
}

// ByID redrives what has the ids. Nothing is done unless all of them are dead.
func (r Redriver) ByID(ctx context.Context, ids []uuid.UUID) error {
	letters, err := r.redriver().Find(ctx, ids)
	if err != nil {
		return err
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
	done, err := r.redriver().Redrive(ctx, inbox.Actor{}, letters)
	return errors.Join(err, r.tell(letters, done))
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

// tell writes what was done with the letters.
func (r Redriver) tell(letters []inbox.DeadLetter, done pipeline.Redriving) error {
	jobs := 0
	for _, l := range letters {
		if l.Kind == inbox.KindJob {
			jobs++
		}
	}
	if jobs < len(letters) {
		text := fmt.Sprintf("%s stored again, %s queued.", count(done.Rows, "row"), count(done.Queued, "job"))
		if done.Unqueued != nil && done.Rows > 0 {
			text += fmt.Sprintf("\nThe queue cannot be reached (%v).\nThe rows are stored: the overdue check queues them within minutes.", done.Unqueued)
		}
		fmt.Fprintln(r.Out, text)
	}
	if jobs == 0 {
		return nil
	}
	fmt.Fprintf(r.Out, "%s sent again.\n", count(done.Jobs, "dead job"))
	if done.Unsent != nil {
		return fmt.Errorf("%s not sent, and dead as before: %w", count(jobs-done.Jobs, "job"), done.Unsent)
	}
	return nil
}
