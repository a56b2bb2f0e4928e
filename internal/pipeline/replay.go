package pipeline

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// replayPage is how many logged webhooks are read at once. A body may have [MaxBody] bytes.
const replayPage = 25

// ReplayStore has logged webhooks and what came of them.
type ReplayStore interface {
	Webhooks(ctx context.Context, sel inbox.WebhookSelection, after uuid.UUID, most int) ([]inbox.LoggedWebhook, error)
	Kept(context.Context, []inbox.Webhook) ([]inbox.Kept, error)
	Reading(inbox.Change) (inbox.Reading, error)
	// Replay writes a correction and reports whether it did: what waits to be processed is left alone.
	Replay(context.Context, inbox.Correction) (bool, error)
	Readable(ctx context.Context, webhook uuid.UUID, events int) error
}

// Replayer takes logged webhooks through today's Parse and Normalize and compares what they give with what is stored. It asks no platform
// and needs no secrets.
type Replayer struct {
	Store ReplayStore
	Apply bool // write the differences over what is stored; nothing is deleted, and nobody is notified
	Limit int  // most webhooks to read; 0: all
	// Report is told every difference, after it was written. A webhook that cannot be read is one too.
	Report func(Difference)
	// Progress is told now and then how far it is.
	Progress func(Progress)

	progress Progress
	added    map[addedKey]bool // what a webhook of this run brought first
}

// addedKey is an event of which nothing was stored.
type addedKey struct {
	channel, account, id string
	kind                 channels.Kind
}

// Run replays the selected webhooks, oldest first.
func (r *Replayer) Run(ctx context.Context, sel inbox.WebhookSelection) (Progress, error) {
	r.progress = Progress{Tallies: map[string]*Tally{}}
	r.added = map[addedKey]bool{}
	var after uuid.UUID
	for read := 0; r.Limit == 0 || read < r.Limit; {
		most := replayPage
		if r.Limit > 0 {
			most = min(most, r.Limit-read)
		}
		page, err := r.Store.Webhooks(ctx, sel, after, most)
		if err != nil || len(page) == 0 {
			return r.progress, err
		}
		if err := r.page(ctx, page); err != nil {
			return r.progress, err
		}
		read += len(page)
		after = page[len(page)-1].ID
		r.Progress(r.progress)
	}
	return r.progress, nil
}

func (r *Replayer) page(ctx context.Context, page []inbox.LoggedWebhook) error {
	today := make([]inbox.Webhook, len(page))
	for i, logged := range page {
		today[i] = parseAgain(logged)
	}
	kept, err := r.Store.Kept(ctx, today)
	if err != nil {
		return err
	}
	for i, logged := range page {
		one := webhookReplay{Replayer: r, logged: logged, kept: kept[i], tally: r.progress.of(logged.Channel)}
		if err := one.run(ctx, today[i]); err != nil {
			return err
		}
		r.progress.Webhooks++
		r.progress.At = logged.ReceivedAt
	}
	return nil
}

// parseAgain reads a logged webhook as today's ingest would.
func parseAgain(logged inbox.LoggedWebhook) inbox.Webhook {
	w := logged.Webhook
	channel, err := channels.Open(w.Channel, channels.Env{Account: w.CredentialAccount})
	if err != nil {
		w.ParseError = err.Error()
		return w
	}
	header := http.Header{}
	for name, value := range w.Headers {
		header.Set(name, value)
	}
	w.Events, err = parse(channel, w.CredentialAccount, &channels.Request{Header: header, Body: w.Body})
	w.ParseError = ""
	if err != nil {
		w.ParseError = err.Error()
	}
	return w
}

// Understands reports why today's code would give a row up; nil: it would not.
func Understands(row inbox.Row) error {
	_, err := understand(row)
	return err
}

// webhookReplay is the replay of one webhook.
type webhookReplay struct {
	*Replayer
	logged inbox.LoggedWebhook
	kept   inbox.Kept
	tally  *Tally
	seen   map[uuid.UUID]bool // rows that an earlier event of the body is
}

func (w *webhookReplay) run(ctx context.Context, today inbox.Webhook) error {
	w.seen = map[uuid.UUID]bool{}
	w.tally.Webhooks++
	if today.ParseError != "" {
		w.tally.Unreadable++
		if w.logged.ParseError == "" {
			w.report(Difference{Verdict: Unreadable, Reason: today.ParseError})
		}
		return nil
	}
	for n, event := range w.kept.Events {
		w.tally.Events++
		if err := w.event(ctx, event, w.kept.Rows[n]); err != nil {
			return err
		}
	}
	for _, row := range w.kept.Others {
		w.tally.Gone++
		w.report(Difference{
			Verdict: Gone, Row: row.ID, Event: channels.Event{Kind: channels.Kind(row.Kind), ID: row.Key}, Before: &row.Reading, Reason: row.Reason,
		})
	}
	if w.Apply && w.logged.ParseError != "" {
		return w.Store.Readable(ctx, w.logged.ID, len(today.Events))
	}
	return nil
}

// event compares one event with its row. Only the first of several equal events of a body, and of a webhook that came several times, was
// stored; the others may say less or more and count for nothing.
func (w *webhookReplay) event(ctx context.Context, e channels.Event, row *inbox.KeptRow) error {
	if w.isRepetition(e, row) {
		w.tally.Repeated++
		return nil
	}
	if row != nil && row.State == inbox.StateStored {
		w.tally.Waiting++
		return nil
	}
	c := inbox.Correction{Webhook: w.logged.ID}
	reading, err := w.read(&c.Change, w.rowOf(e, row))
	if err != nil {
		c.Dead = err.Error()
	}
	d := judge(row, reading, c.Dead)
	d.Event = e
	return w.settle(ctx, d, c)
}

// rowOf is the row of an event as the processor would get it.
func (w *webhookReplay) rowOf(e channels.Event, kept *inbox.KeptRow) inbox.Row {
	row := inbox.Row{
		Channel: w.logged.Channel, ChannelAccount: inbox.AccountID(w.logged.Channel, e.Account), CredentialAccount: w.logged.CredentialAccount,
		ReceivedAt: w.logged.ReceivedAt, Event: e,
	}
	if kept != nil {
		row.ID = kept.ID
	}
	return row
}

// read says what a row means today. An error is what it would be dead of.
func (w *webhookReplay) read(change *inbox.Change, row inbox.Row) (*inbox.Reading, error) {
	change.Row = row
	understood, err := understand(row)
	if err != nil {
		return nil, err
	}
	*change = understood
	reading, err := w.Store.Reading(understood)
	if err != nil {
		return nil, err
	}
	return &reading, nil
}

func (w *webhookReplay) isRepetition(e channels.Event, row *inbox.KeptRow) bool {
	if row == nil {
		k := addedKey{w.logged.Channel, e.Account, e.ID, e.Kind}
		repeated := w.added[k]
		w.added[k] = true
		return repeated
	}
	repeated := row.Webhook != w.logged.ID || w.seen[row.ID]
	w.seen[row.ID] = true
	return repeated
}

// settle counts a difference, writes it if it is to be written and can be, and reports it.
func (w *webhookReplay) settle(ctx context.Context, d Difference, c inbox.Correction) error {
	w.tally.count(d.Verdict)
	if d.Verdict == Same || d.Verdict == Dead {
		return nil
	}
	if w.Apply && d.Verdict != Lost {
		written, err := w.Store.Replay(ctx, c)
		switch {
		case errors.Is(err, inbox.ErrUnstorable):
			w.tally.Refused++
			d.Refused = err.Error()
		case err != nil:
			return err
		case written:
			w.tally.Written++
			d.Written = true
		}
	}
	w.report(d)
	return nil
}

func (w *webhookReplay) report(d Difference) {
	d.Channel, d.Webhook, d.ReceivedAt = w.logged.Channel, w.logged.ID, w.logged.ReceivedAt
	w.Report(d)
}
