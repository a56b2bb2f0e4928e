package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/patience"
)

// batch is how many rows are read at once.
const batch = 100

// RowStore is what the processor needs of the store.
type RowStore interface {
	WebhookStore
	// Pending returns unprocessed rows of the job's lane; if events are given, only theirs.
	Pending(ctx context.Context, job inbox.Job, only []channels.Event, max int) ([]inbox.Row, error)
	// PendingOf is that for jobs of different lanes at once, by their ids.
	PendingOf(ctx context.Context, jobs []inbox.Job, max int) (map[uuid.UUID][]inbox.Row, error)
	// Apply writes what a row means and returns what has to be done then.
	Apply(context.Context, inbox.Change) (inbox.FollowUp, error)
	Bury(ctx context.Context, row inbox.Row, reason string) error
	Finish(ctx context.Context, job uuid.UUID) error
	// FirstSight notes the shape of an unknown event and reports whether it is the first of its kind.
	FirstSight(ctx context.Context, row inbox.Row, shape string) (bool, error)
}

// Processor turns stored events into conversations.
type Processor struct {
	Store       RowStore
	Answers     *Answers
	Files       *Files
	Subscribers *Subscribers // nil: nobody is told of changes
	Erasures    *Erasures    // nil: nobody is erased
	Meter       Meter
	Log         *slog.Logger
	Rescue      *Rescue // nil: overdue jobs are somebody else's
}

// Seen are unprocessed rows that were read before the jobs they belong to were begun: the first ones of each job's lane, at most [batch].
type Seen map[uuid.UUID][]inbox.Row

// LookAhead reads the first rows of several jobs' lanes in one round trip, for [Processor.Process]. Of jobs of one lane it looks for the first only: what
// that leaves to the next is not known yet. A row that somebody else processes meanwhile is no harm, and neither is an error: each job then looks for itself.
func (p *Processor) LookAhead(ctx context.Context, jobs []inbox.Job) Seen {
	var first []inbox.Job
	known := map[string]bool{}
	for _, job := range jobs {
		if lane := job.Group(); !known[lane] {
			known[lane] = true
			first = append(first, job)
		}
	}
	if len(first) < 2 {
		return nil
	}
	seen, err := p.Store.PendingOf(ctx, first, batch)
	if err != nil {
		return nil
	}
	return seen
}

// take is what was seen of a job's lane, once: whoever looks again wants to know how things are by then.
func (s Seen) take(job uuid.UUID) []inbox.Row {
	rows := s[job]
	delete(s, job)
	return rows
}

// Process does a job: every unprocessed row of its lane, up to the job's, in the order in which they were accepted. A job that carries a
// webhook stores that first. A store that cannot do its work now is waited for as long as the context allows; after that the error means
// that the job has to come again. What was done until then stays done. seen may have the first rows of the lane.
func (p *Processor) Process(ctx context.Context, job inbox.Job, w *inbox.Webhook, seen Seen) error {
	err := patience.Retry(ctx, func() error { return p.attempt(ctx, job, w, seen) })
	if err == nil && p.Rescue != nil {
		p.Rescue.Try(ctx)
	}
	return err
}

func (p *Processor) attempt(ctx context.Context, job inbox.Job, w *inbox.Webhook, seen Seen) error {
	if w == nil {
		return p.lane(ctx, job, nil, seen.take(job.ID))
	}
	stored, err := p.Store.Ingest(ctx, *w)
	if errors.Is(err, inbox.ErrUnstorable) {
		return backoff.Permanent(err)
	}
	if err != nil {
		return err
	}
	p.Meter.Count(w.Channel, map[string]int{CountStored: stored.New, CountDuplicate: len(w.Events) - stored.New})
	return p.parts(ctx, job, w.Events, stored.Jobs)
}

// parts processes the events of a webhook that came with its job. Their rows need not be new: a transaction that was given up for lost may
// have written them at last, unseen by the statement that stored them again. So they are looked for whatever that said.
func (p *Processor) parts(ctx context.Context, own inbox.Job, events []channels.Event, made []inbox.Job) error {
	own.UpTo = math.MaxInt64
	for _, job := range made {
		if job.Account == own.Account && job.Lane == own.Lane {
			own.ID = job.ID
		} else if err := p.lane(ctx, job, events, nil); err != nil {
			return err
		}
	}
	if len(events) == 0 {
		return nil
	}
	return p.lane(ctx, own, events, nil)
}

// lane processes the rows of a job's lane; if events are given, only theirs. A webhook that was accepted into the queue is stored late: rows
// of its lane that were stored before it were accepted after it, and their own jobs follow. rows are the first of them if they were read already.
func (p *Processor) lane(ctx context.Context, job inbox.Job, only []channels.Event, rows []inbox.Row) error {
	for ; ; rows = nil {
		if len(rows) == 0 {
			var err error
			if rows, err = p.Store.Pending(ctx, job, only, batch); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return p.Store.Finish(ctx, job.ID)
		}
		last := len(rows) < batch
		for n, row := range rows {
			var fulfils *uuid.UUID
			if last && n == len(rows)-1 {
				fulfils = &job.ID
			}
			if err := p.row(ctx, row, fulfils); err != nil {
				return fmt.Errorf("row %s: %w", row.ID, err)
			}
		}
		if last {
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
		var next inbox.FollowUp
		next, err = p.Store.Apply(ctx, change)
		if err == nil && next.Erased {
			return p.erased(ctx, row)
		}
		if err == nil {
			p.Answers.Dispatch(ctx, next.Sends)
			p.Files.Dispatch(ctx, next.Fetches)
			p.Subscribers.Notify(ctx, next.Told)
			return p.done(ctx, change)
		}
		if !errors.Is(err, inbox.ErrUnstorable) {
			return err
		}
	}
	return p.bury(ctx, row, err.Error(), fulfils)
}

// erased counts a row that came once more after it had been erased, and takes it out of its webhook.
func (p *Processor) erased(ctx context.Context, row inbox.Row) error {
	p.Log.Info("an erased event came once more: it is dropped", "row_id", row.ID, "channel", row.Channel)
	p.Meter.Count(row.Channel, map[string]int{CountErased: 1})
	if p.Erasures == nil {
		return nil
	}
	return p.Erasures.Scrub(ctx)
}

func (p *Processor) done(ctx context.Context, change inbox.Change) error {
	row := change.Row
	p.Log.Info("row processed", p.about(row)...)
	p.Meter.CountAged(row.Channel, map[string]int{CountProcessed: 1}, AgeProcessed, time.Since(row.ReceivedAt))
	if row.Event.Kind != channels.KindUnknown {
		return nil
	}
	shape := shapeOf(change.Update)
	first, err := p.Store.FirstSight(ctx, row, shape)
	if err == nil && first {
		p.Log.Warn("a kind of event that this version does not know was seen for the first time", append(p.about(row), "shape", shape)...)
		p.Meter.Count(row.Channel, map[string]int{CountNewUnknown: 1})
	}
	return err
}

// maxShape is longer, in characters, than any name that a platform gives to a kind of event.
const maxShape = 60

// shapeOf names an unknown event by what its channel can say of it.
func shapeOf(u channels.Update) string {
	var facts []string
	for _, name := range []string{"object", "field", "raw_type"} {
		if value := u.Extra[name]; value != "" {
			facts = append(facts, fmt.Sprintf("%s=%.*s", name, maxShape, value))
		}
	}
	if len(facts) == 0 {
		return "unnamed"
	}
	return strings.Join(facts, " ")
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
	return []any{"row_id", row.ID.String(), "channel", row.Channel, "kind", string(row.Event.Kind)}
}

// understand says what a row means.
func understand(row inbox.Row) (inbox.Change, error) {
	spec, err := channels.Find(row.Channel)
	if err != nil {
		return inbox.Change{}, err
	}
	channel, err := channels.Open(row.Channel, channels.Env{Account: row.CredentialAccount})
	if err != nil {
		return inbox.Change{}, err
	}
	if row.Event.Kind == channels.KindMessage && row.Event.Thread == "" {
		return inbox.Change{}, errors.New("the message names neither a chat nor a sender")
	}
	update, err := channels.Guarded("Normalize", func() (channels.Update, error) { return channel.Normalize(row.Event) })
	if err != nil {
		return inbox.Change{}, fmt.Errorf("normalizing: %w", err)
	}
	_, files := channel.(channels.MediaOpener)
	return inbox.Change{Row: row, Update: update, Window: opens(spec, update), Files: files}, complete(row.Event.Kind, update)
}

// opens is how long an update allows free-form answers.
func opens(spec channels.Spec, u channels.Update) time.Duration {
	if u.Window == 0 && u.Message != nil && u.Message.Direction == channels.In {
		return spec.Window
	}
	return u.Window
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
