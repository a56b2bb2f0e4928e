package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Webhooks returns logged webhooks in the order of their ids, those after a given one, at most so many.
func (s *Store) Webhooks(ctx context.Context, sel inbox.WebhookSelection, after uuid.UUID, most int) ([]inbox.LoggedWebhook, error) {
	before := uuid.Max
	if !sel.Until.IsZero() {
		before = floorID(sel.Until)
	}
	if floor := floorID(sel.Since); !sel.Since.IsZero() && after.String() < floor.String() {
		after = floor
	}
	var rows []db.ReplayWebhooksRow
	var err error
	if len(sel.IDs) == 0 {
		rows, err = s.q.ReplayWebhooks(ctx, db.ReplayWebhooksParams{After: after, Before: before, Channel: sel.Channel, MaxRows: int32(most)})
	} else {
		rows, err = s.webhooksByID(ctx, db.ReplayWebhooksByIDParams{
			Ids: sel.IDs, After: after, Before: before, Channel: sel.Channel, MaxRows: int32(most),
		})
	}
	if err != nil {
		return nil, interpretError("reading logged webhooks", err)
	}
	webhooks := make([]inbox.LoggedWebhook, len(rows))
	for i, row := range rows {
		if webhooks[i], err = loggedWebhook(row); err != nil {
			return nil, err
		}
	}
	return webhooks, nil
}

func (s *Store) webhooksByID(ctx context.Context, p db.ReplayWebhooksByIDParams) ([]db.ReplayWebhooksRow, error) {
	found, err := s.q.ReplayWebhooksByID(ctx, p)
	rows := make([]db.ReplayWebhooksRow, len(found))
	for i, row := range found {
		rows[i] = db.ReplayWebhooksRow(row)
	}
	return rows, err
}

func loggedWebhook(row db.ReplayWebhooksRow) (inbox.LoggedWebhook, error) {
	w := inbox.LoggedWebhook{ReceivedAt: row.ReceivedAt, Webhook: inbox.Webhook{
		ID: row.ID, Channel: row.Channel, CredentialAccount: row.CredentialAccount, Body: row.Body, ParseError: value(row.ParseError),
	}}
	if err := json.Unmarshal(row.Headers, &w.Headers); err != nil {
		return w, fmt.Errorf("reading the headers of webhook %s: %w", row.ID, err)
	}
	return w, nil
}

// floorID is below every UUIDv7 of a time and above every one of earlier milliseconds.
func floorID(t time.Time) (id uuid.UUID) {
	for i, ms := 5, t.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		id[i] = byte(ms)
	}
	return id
}

// Kept finds what is stored of webhooks whose events are filled in.
func (s *Store) Kept(ctx context.Context, webhooks []inbox.Webhook) ([]inbox.Kept, error) {
	var found shelf
	if err := found.fill(ctx, s.q, webhooks); err != nil {
		return nil, interpretError("reading what is stored of webhooks", err)
	}
	kept := make([]inbox.Kept, len(webhooks))
	for i, w := range webhooks {
		kept[i] = found.of(w)
	}
	return kept, nil
}

// eventKey is what makes an event unique.
type eventKey struct {
	account   uuid.UUID
	kind, key string
}

func keyOf(channel string, e channels.Event) eventKey {
	return eventKey{inbox.AccountID(channel, key(e.Account)), string(e.Kind), key(e.ID)}
}

// shelf holds the rows of some webhooks.
type shelf struct {
	rows      map[eventKey]*inbox.KeptRow
	byWebhook map[uuid.UUID][]eventKey
}

func (f *shelf) fill(ctx context.Context, q *db.Queries, webhooks []inbox.Webhook) error {
	f.rows, f.byWebhook = map[eventKey]*inbox.KeptRow{}, map[uuid.UUID][]eventKey{}
	var wanted db.ReplayRowsOfEventsParams
	for _, w := range webhooks {
		wanted.Webhooks = append(wanted.Webhooks, w.ID)
		for _, e := range w.Events {
			k := keyOf(w.Channel, e)
			wanted.Accounts, wanted.Kinds, wanted.Keys = append(wanted.Accounts, k.account), append(wanted.Kinds, k.kind), append(wanted.Keys, k.key)
		}
	}
	own, err := q.ReplayRowsOfWebhooks(ctx, wanted.Webhooks)
	if err != nil {
		return err
	}
	for _, row := range own {
		k := eventKey{row.ChannelAccountID, row.Kind, value(row.Key)}
		f.rows[k] = keptRow(row)
		f.byWebhook[row.WebhookLogID.UUID] = append(f.byWebhook[row.WebhookLogID.UUID], k)
	}
	others, err := q.ReplayRowsOfEvents(ctx, wanted)
	if err != nil {
		return err
	}
	for _, row := range others {
		f.rows[eventKey{row.ChannelAccountID, row.Kind, value(row.Key)}] = &inbox.KeptRow{ID: row.ID, Kind: row.Kind, Key: value(row.Key)}
	}
	return nil
}

// of sorts out the rows of one webhook.
func (f *shelf) of(w inbox.Webhook) inbox.Kept {
	var kept inbox.Kept
	named := map[eventKey]bool{}
	for _, e := range w.Events {
		k := keyOf(w.Channel, e)
		named[k] = true
		e.Account, e.Thread, e.ID, e.At = key(e.Account), key(e.Thread), key(e.ID), e.At.UTC().Truncate(time.Microsecond)
		kept.Events, kept.Rows = append(kept.Events, e), append(kept.Rows, f.rows[k])
	}
	for _, k := range f.byWebhook[w.ID] {
		if !named[k] {
			kept.Others = append(kept.Others, *f.rows[k])
		}
	}
	return kept
}

func keptRow(row db.ReplayRowsOfWebhooksRow) *inbox.KeptRow {
	return &inbox.KeptRow{
		ID: row.ID, Webhook: row.WebhookLogID.UUID, Kind: row.Kind, Key: value(row.Key), State: inbox.State(row.State), Reason: value(row.Reason), Folded: row.Folded,
		Reading: inbox.Reading{
			Thread: row.Thread, At: timeValue(row.OccurredAt).UTC(), History: row.History, Type: value(row.Type), Text: row.Text, Content: row.Content,
		},
	}
}

// Reading returns what would be kept of a change, of which the event is as kept.
func (s *Store) Reading(c inbox.Change) (inbox.Reading, error) {
	e := c.Row.Event
	r := inbox.Reading{Thread: e.Thread, At: e.At, History: e.History}
	var err error
	if e.Kind == channels.KindMessage {
		m := c.Update.Message
		r.Type, r.Text = clean(string(m.Type)), clean(m.Text)
		r.Content, err = document(m)
	} else {
		r.Content, err = document(c.Update)
	}
	return r, err
}
