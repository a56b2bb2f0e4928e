package dataset

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// table is a table with the columns that are filled; the others have their defaults.
type table struct {
	name    string
	columns []string
}

var (
	channelAccounts     = &table{"channel_accounts", []string{"id", "channel", "external_id", "credential_account", "created_at"}}
	agents              = &table{"agents", []string{"id", "subject", "name", "email", "role", "created_at"}}
	labels              = &table{"labels", []string{"id", "name", "color"}}
	contacts            = &table{"contacts", []string{"id", "name", "username", "phone", "language", "profile_at", "created_at", "updated_at", "edited_name", "email"}}
	contactIdentities   = &table{"contact_identities", []string{"channel_account_id", "kind", "value", "contact_id", "created_at"}}
	conversationThreads = &table{"conversation_threads", []string{"channel_account_id", "thread", "conversation_id"}}
	conversationLabels  = &table{"conversation_labels", []string{"conversation_id", "label_id", "status", "last_message_at", "created_at"}}
	notes               = &table{"notes", []string{"id", "conversation_id", "agent_id", "text", "created_at"}}
	auditLog            = &table{"audit_log", []string{"id", "at", "agent_id", "action", "object", "conversation_id", "detail"}}
	messageStatuses     = &table{"message_statuses", []string{"id", "channel_account_id", "external_id", "status", "recipient", "error_code", "error_title", "occurred_at", "received_at"}}
	feed                = &table{"feed", []string{"kind", "conversation_id", "message_id", "event_id", "created_at"}}
	queueLogs           = &table{"queue_logs", []string{"id", "queue", "channel_account_id", "lane", "up_to_seq", "created_at", "due_at", "closed_at"}}
	webhookLogs         = &table{"webhook_logs", []string{"id", "channel", "credential_account", "request_id", "headers", "body", "events", "received_at"}}
	attachments         = &table{"attachments", []string{"message_id", "position", "kind", "media_id", "mime", "name", "bytes", "detail"}}
	files               = &table{"files", []string{"id", "message_id", "position", "source", "state", "due_at", "wanted_at", "key", "bytes", "mime", "sha256", "settled_at"}}
	conversations       = &table{"conversations", []string{
		"id", "channel_account_id", "thread", "title", "contact_id", "status", "last_message_at", "last_inbound_at", "window_expires_at", "unread_count",
		"read_until", "assignee_id", "snoozed_until", "waiting_since", "created_at", "updated_at",
	}}
	messages = &table{"messages", []string{
		"id", "seq", "channel_account_id", "thread", "lane", "external_id", "state", "reason", "raw", "webhook_log_id", "conversation_id", "contact_id",
		"direction", "type", "text", "content", "status", "reactions", "occurred_at", "received_at", "processed_at", "author", "author_id", "error_code",
		"error_reason",
	}}
	messageEvents = &table{"message_events", []string{
		"id", "seq", "channel_account_id", "thread", "lane", "kind", "key", "state", "webhook_log_id", "target", "content", "conversation_id",
		"occurred_at", "received_at", "processed_at",
	}}
	sends = &table{"sends", []string{
		"message_id", "seq", "conversation_id", "idempotency_key", "part", "fingerprint", "human", "outgoing", "state", "attempt", "created_at",
	}}
)

// batch is rows of some tables, which are copied together.
type batch map[*table][][]any

func (b batch) add(t *table, values ...any) { b[t] = append(b[t], values) }

// loader copies batches over a connection of its own.
type loader struct {
	url     string
	batches <-chan batch
}

func (l loader) run(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, l.url)
	if err != nil {
		return fmt.Errorf("connecting to fill the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for b := range l.batches {
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return b.copy(ctx, tx) }); err != nil {
			return err
		}
	}
	return nil
}

func (b batch) copy(ctx context.Context, tx pgx.Tx) error {
	for t, rows := range b {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(rows)); err != nil {
			return fmt.Errorf("copying into %s: %w", t.name, err)
		}
	}
	return nil
}
