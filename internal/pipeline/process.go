package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// batch is how many rows are read at once.
const batch = 100

// RowStore is what the processor needs of the store.
type RowStore interface {
	Pending(ctx context.Context, job inbox.Job, max int) ([]inbox.Row, error)
	Apply(context.Context, inbox.Change) error
	Bury(ctx context.Context, row inbox.Row, reason string) error
	Finish(ctx context.Context, job uuid.UUID) error
}

// Processor turns stored events into conversations.
type Processor struct {
	Store RowStore
	Meter Meter
	Log   *slog.Logger
}

// Process does a job: every unprocessed row of its thread, up to the job's, in the order in which they were accepted. An error means
// that the store could not do its work now and that the job has to come again; what was done until then stays done.
func (p *Processor) Process(ctx context.Context, job inbox.Job) error {
	for {
		rows, err := p.Store.Pending(ctx, job, batch)
		if err != nil {
			return err
		}
		more := len(rows) == batch
		for n, row := range rows {
			var fulfils *uuid.UUID
			if n == len(rows)-1 && !more {
				fulfils = &job.ID
			}
			if err := p.row(ctx, row, fulfils); err != nil {
				return fmt.Errorf("row %s: %w", row.ID, err)
			}
		}
		if len(rows) == 0 {
			return p.Store.Finish(ctx, job.ID)
		}
		if !more {
			return nil
		}
	}
}

// row processes one row. What a pure function could not understand once it never will: such a row is a dead letter at once, and the next
// one goes on.
func (p *Processor) row(ctx context.Context, row inbox.Row, fulfils *uuid.UUID) error {
	change, err := understand(row)
	if err == nil {
		change.Fulfils = fulfils
		err = p.Store.Apply(ctx, change)
		if err == nil {
			p.Log.Info("row processed", p.about(row)...)
			p.Meter.Count(row.Channel, map[string]int{CountProcessed: 1})
			return nil
		}
		if !errors.Is(err, inbox.ErrUnstorable) {
			return err
		}
	}
	return p.bury(ctx, row, err.Error(), fulfils)
}

func (p *Processor) bury(ctx context.Context, row inbox.Row, reason string, fulfils *uuid.UUID) error {
	if err := p.Store.Bury(ctx, row, reason); err != nil {
		return err
	}
	p.Log.Error("row is a dead letter", append(p.about(row), "reason", reason)...)
	p.Meter.Count(row.Channel, map[string]int{CountDead: 1})
	if fulfils == nil {
		return nil
	}
	return p.Store.Finish(ctx, *fulfils)
}

func (p *Processor) about(row inbox.Row) []any {
	return []any{"row_id", row.ID, "channel", row.Channel, "kind", row.Event.Kind, "external_id", row.Event.ID}
}

// understand says what a row means.
func understand(row inbox.Row) (inbox.Change, error) {
	spec, ok := channels.Lookup(row.Channel)
	if !ok {
		return inbox.Change{}, fmt.Errorf("this build has no channel %q", row.Channel)
	}
	channel, err := channels.Open(row.Channel, channels.Env{Account: row.CredentialAccount})
	if err != nil {
		return inbox.Change{}, err
	}
	if row.Event.Kind == channels.KindMessage && row.Event.Thread == "" {
		return inbox.Change{}, errors.New("the message names neither a chat nor a sender")
	}
	update, err := guarded("Normalize", func() (channels.Update, error) { return channel.Normalize(row.Event) })
	if err != nil {
		return inbox.Change{}, fmt.Errorf("normalizing: %w", err)
	}
	return inbox.Change{Row: row, Update: update, Window: spec.Window}, complete(row.Event.Kind, update)
}

// complete reports a plugin's update that lacks the part that its kind promises: the rest of the product relies on it.
func complete(kind channels.Kind, u channels.Update) error {
	missing := false
	switch kind {
	case channels.KindMessage:
		missing = u.Message == nil
	case channels.KindEdit:
		missing = u.Edit == nil || u.Edit.Content == nil
	}
	if missing {
		return fmt.Errorf("the channel's update of a %s event has no %s", kind, kind)
	}
	return nil
}
