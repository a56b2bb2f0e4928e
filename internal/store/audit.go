package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// audited notes in the transaction who does something, and tells clients of it by feed rows of the kinds. detail is what it was and what it is now;
// never a message's text, and no secret.
func audited(ctx context.Context, by inbox.Actor, entry inbox.AuditEntry, detail any, kinds ...string) ([]query, error) {
	rendered, err := document(detail)
	if err != nil {
		return nil, err
	}
	p := db.AuditLogInsertParams{
		ID: newID(), AgentID: optionalID(by.Agent), Action: entry.Action, Object: entry.Object, ConversationID: optionalID(entry.Conversation),
		Detail: rendered, RequestID: by.RequestID,
	}
	queries := []query{func(q *db.Queries) error { return q.AuditLogInsert(ctx, p) }}
	for _, kind := range kinds {
		queries = append(queries, func(q *db.Queries) error { return q.FeedInsert(ctx, db.FeedInsertParams{Kind: kind}) })
	}
	return queries, nil
}

// AuditPlace is behind an entry of the audit log. The zero one is before the latest.
type AuditPlace struct {
	At time.Time
	ID uuid.UUID
}

// latest is before every entry that there can be.
var latest = AuditPlace{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}

// Audit returns what was done, the latest first, at most so many, behind a place.
func (s *Store) Audit(ctx context.Context, f inbox.AuditFilter, after AuditPlace, most int) ([]inbox.AuditEntry, error) {
	if after == (AuditPlace{}) {
		after = latest
	}
	rows, err := s.q.AuditLogFind(ctx, db.AuditLogFindParams{
		BeforeAt: after.At, BeforeID: after.ID, AgentID: optionalID(f.Agent), ConversationID: optionalID(f.Conversation), Action: f.Action,
		MaxRows: int32(most),
	})
	if err != nil {
		return nil, interpretError("reading the audit log", err)
	}
	entries := make([]inbox.AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = inbox.AuditEntry{
			ID: r.ID, At: r.At, Agent: r.AgentID.UUID, AgentName: value(r.AgentName), Action: r.Action, Object: r.Object,
			Conversation: r.ConversationID.UUID, Detail: r.Detail, RequestID: r.RequestID,
		}
	}
	return entries, nil
}

// changing is inTransaction for changes that only the dashboards are told of, and no subscriber.
func (s *Store) changing(ctx context.Context, doing string, work func(*transaction) error) error {
	err := s.inTransaction(ctx, doing, work)
	if err == nil {
		s.changes.Add(1)
	}
	return err
}
