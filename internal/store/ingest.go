package store

import (
	"context"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Ingest stores a webhook with all its events in one statement and says which lanes have to be queued. It is idempotent: what is
// stored already is a duplicate, and a duplicate that is still unprocessed is queued again.
func (s *Store) Ingest(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
	params, err := ingestParams(w)
	if err != nil {
		return inbox.Stored{}, interpretError("storing the webhook", err)
	}
	rows, err := s.q.WebhookLogInsert(ctx, params)
	if err != nil {
		return inbox.Stored{}, interpretError("storing the webhook", err)
	}
	stored := inbox.Stored{Jobs: make([]inbox.Job, len(rows))}
	for i, row := range rows {
		stored.New += int(row.NewRows)
		stored.Jobs[i] = inbox.Job{
			ID: row.ID, Queue: row.Queue, Account: row.ChannelAccountID, Lane: row.Lane, UpTo: row.UpToSeq, Attempt: int(row.Attempt),
		}
	}
	return stored, nil
}

func ingestParams(w inbox.Webhook) (db.WebhookLogInsertParams, error) {
	headers, err := document(w.Headers)
	if err != nil {
		return db.WebhookLogInsertParams{}, err
	}
	p := db.WebhookLogInsertParams{
		ID: w.ID, Channel: w.Channel, CredentialAccount: clean(w.CredentialAccount), RequestID: clean(w.RequestID),
		Headers: headers, Body: w.Body, Events: int32(len(w.Events)), ParseError: optional(w.ParseError),
		WithLog: !w.Partial,
	}
	accounts := map[string]uuid.UUID{}
	for _, event := range w.Events {
		name := key(event.Account)
		id, known := accounts[name]
		if !known {
			id = inbox.AccountID(w.Channel, name)
			accounts[name] = id
			p.AccountIds = append(p.AccountIds, id)
			p.AccountExternalIds = append(p.AccountExternalIds, name)
		}
		addEvent(&p, event, id)
	}
	return p, nil
}

func addEvent(p *db.WebhookLogInsertParams, event channels.Event, account uuid.UUID) {
	p.EventIds = append(p.EventIds, newID())
	p.JobIds = append(p.JobIds, newID())
	p.EventAccounts = append(p.EventAccounts, account)
	_, lane := inbox.Lane(event)
	p.EventLanes = append(p.EventLanes, clean(lane))
	p.EventThreads = append(p.EventThreads, key(event.Thread))
	p.EventKinds = append(p.EventKinds, string(event.Kind))
	p.EventKeys = append(p.EventKeys, key(event.ID))
	p.EventTimes = append(p.EventTimes, event.At)
	p.EventHistories = append(p.EventHistories, event.History)
	p.EventRaws = append(p.EventRaws, event.Raw)
}

// newID returns a UUIDv7. Its randomness comes from the operating system, which does not fail.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
