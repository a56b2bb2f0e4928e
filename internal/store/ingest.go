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
	if len(w.Events) == 1 && !w.Partial && w.ParseError == "" {
		if stored, err := s.ingestNew(ctx, w); err != nil || stored.New > 0 {
			return stored, interpretError("storing the webhook", err)
		}
	}
	return s.ingest(ctx, w)
}

// ingestNew stores a webhook with one event, if that is new and of a channel account that has written before: otherwise it does nothing.
func (s *Store) ingestNew(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
	headers, err := document(w.Headers)
	if err != nil {
		return inbox.Stored{}, err
	}
	event := w.Events[0]
	name := key(event.ID)
	job := inbox.Job{ID: newID(), Account: inbox.AccountID(w.Channel, key(event.Account)), Attempt: 1}
	job.Queue, job.Lane = inbox.Lane(event)
	job.Lane = clean(job.Lane)
	p := db.WebhookLogInsertEventParams{
		EventID: newID(), ChannelAccountID: job.Account, Thread: key(event.Thread), Lane: job.Lane, Kind: string(event.Kind), Key: name,
		History: event.History, Raw: event.Raw, OccurredAt: optionalTime(event.At), ID: optionalID(w.ID), Channel: w.Channel,
		CredentialAccount: clean(w.CredentialAccount), RequestID: clean(w.RequestID), Headers: headers, Body: w.Body, JobID: job.ID, Queue: job.Queue,
	}
	if event.Kind == channels.KindMessage {
		job.UpTo, err = s.q.WebhookLogInsertMessage(ctx, db.WebhookLogInsertMessageParams{
			EventID: p.EventID, ChannelAccountID: p.ChannelAccountID, Thread: p.Thread, Lane: p.Lane, Key: &name, History: p.History, Raw: p.Raw,
			OccurredAt: p.OccurredAt, ID: p.ID, Channel: p.Channel, CredentialAccount: p.CredentialAccount, RequestID: p.RequestID,
			Headers: p.Headers, Body: p.Body, JobID: p.JobID, Queue: p.Queue,
		})
	} else {
		job.UpTo, err = s.q.WebhookLogInsertEvent(ctx, p)
	}
	if err != nil {
		return inbox.Stored{}, unlessNone(err)
	}
	return inbox.Stored{New: 1, Jobs: []inbox.Job{job}}, nil
}

func (s *Store) ingest(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
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
