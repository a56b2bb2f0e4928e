package store

import (
	"context"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// ErasureLeftovers returns logged webhooks whose bytes hold, or may hold, what is erased, at most so many.
func (s *Store) ErasureLeftovers(ctx context.Context, most int) ([]inbox.LoggedWebhook, error) {
	rows, err := s.q.ErasureLeftovers(ctx, int32(most))
	if err != nil {
		return nil, interpretError("looking for webhooks with erased events", err)
	}
	left := make([]inbox.LoggedWebhook, len(rows))
	for i, row := range rows {
		left[i], err = loggedWebhook(db.ReplayWebhooksRow{
			ID: row.ID, Channel: row.Channel, CredentialAccount: row.CredentialAccount, Headers: row.Headers, Body: row.Body, ReceivedAt: row.ReceivedAt,
		})
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// KeepLeftover notes that a webhook holds nothing that is erased.
func (s *Store) KeepLeftover(ctx context.Context, webhook uuid.UUID) error {
	return interpretError("noting that a webhook is clean", s.q.ErasureLeftoverKeep(ctx, webhook))
}

// RewriteLeftover leaves some events of a logged webhook in its log and nothing else. The bytes of a webhook are those of one event afterwards: each
// further one gets a log of its own, of the same time.
func (s *Store) RewriteLeftover(ctx context.Context, w inbox.LoggedWebhook, keep []channels.Event) error {
	headers := map[string]string{}
	if kind, ok := w.Headers["Content-Type"]; ok {
		headers["Content-Type"] = kind
	}
	rendered, err := document(headers)
	if err != nil {
		return err
	}
	p := db.ErasureLeftoverRewriteParams{ID: w.ID, Headers: rendered, Body: []byte{}}
	for i, event := range keep {
		if i == 0 {
			p.Body, p.Events = event.Raw, 1
			continue
		}
		p.Ids = append(p.Ids, sameTime(w.ID))
		p.Bodies = append(p.Bodies, event.Raw)
		p.Accounts = append(p.Accounts, inbox.AccountID(w.Channel, key(event.Account)))
		p.Kinds = append(p.Kinds, string(event.Kind))
		p.Keys = append(p.Keys, key(event.ID))
	}
	return interpretError("taking erased events out of a webhook", s.q.ErasureLeftoverRewrite(ctx, p))
}

// sameTime is a new id of the millisecond of another.
func sameTime(id uuid.UUID) uuid.UUID {
	other := newID()
	copy(other[:6], id[:6])
	return other
}

// KeptJobs returns jobs that were given up, behind one in the order of their ids, at most so many. Only id and body are filled in.
func (s *Store) KeptJobs(ctx context.Context, after uuid.UUID, most int) ([]inbox.DeadJob, error) {
	rows, err := s.q.ErasureDeadJobs(ctx, db.ErasureDeadJobsParams{After: after, MaxRows: int32(most)})
	jobs := make([]inbox.DeadJob, len(rows))
	for i, row := range rows {
		jobs[i] = inbox.DeadJob{ID: row.ID, Body: row.Body}
	}
	return jobs, interpretError("reading dead jobs", err)
}

// RewriteKeptJob writes what is left of a dead job, and counts it for the erasure, if there is one. An empty body: nothing, and it goes.
func (s *Store) RewriteKeptJob(ctx context.Context, job inbox.DeadJob, erasure uuid.UUID) error {
	return interpretError("taking erased events out of a dead job", s.q.ErasureDeadJobRewrite(ctx, db.ErasureDeadJobRewriteParams{
		ID: job.ID, Body: optional(job.Body), Erasure: optionalID(erasure),
	}))
}

// CountErased counts for an erasure what it removed outside of the database.
func (s *Store) CountErased(ctx context.Context, erasure uuid.UUID, kind string, number int) error {
	return interpretError("counting what is erased", s.q.ErasureCount(ctx, db.ErasureCountParams{ID: erasure, Kind: kind, Number: int64(number)}))
}
