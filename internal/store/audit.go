package store

import (
	"context"

	"omni/gen/db"
	"omni/internal/inbox"
)

// audited notes in the transaction who does something, and tells clients of it by feed rows of the kinds. detail is what it was and what it is now;
// never a message's text, and no secret. Without any there is nothing more to say.
func audited(ctx context.Context, by inbox.Actor, entry inbox.AuditEntry, detail any, kinds ...string) ([]query, error) {
	rendered, err := document(detail)
	if err != nil {
		return nil, err
	}
	if string(rendered) == "null" {
		rendered = []byte("{}")
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

// note ends a transaction with [audited].
func (t *transaction) note(ctx context.Context, by inbox.Actor, entry inbox.AuditEntry, detail any, kinds ...string) error {
	queries, err := audited(ctx, by, entry, detail, kinds...)
	if err != nil {
		return err
	}
	return t.conclude(ctx, queries...)
}

// difference is what something was and what it is now, as the audit log shows it.
type difference struct {
	Was any `json:"was"`
	Is  any `json:"is"`
}

// differs notes in what that a member changes, if it does. Nil: it stays.
func differs[T comparable](what map[string]difference, member string, was T, is *T) {
	if is != nil && *is != was {
		what[member] = difference{was, *is}
	}
}

// Audit returns what was done, the latest first, at most so many, behind a place.
func (s *Store) Audit(ctx context.Context, f inbox.AuditFilter, after inbox.LogPlace, most int) ([]inbox.AuditEntry, error) {
	after = after.OrLatest()
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
		s.changes.add(nil)
	}
	return err
}
