package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"omni/channels"
	"omni/internal/inbox"
)

// newIngestScript is the yardstick of ingest: its rows have the sizes of a webhook of the traffic.
func newIngestScript(ctx context.Context, s *stage, t *traffic) (*script, error) {
	sample, err := t.webhook(1)
	if err != nil {
		return nil, err
	}
	event, err := parsed(sample.Body)
	if err != nil {
		return nil, err
	}
	account := inbox.AccountID(chat, accountNumber).String()
	p, err := s.newScript(ctx, "ingest.sql", ingestSQL, map[string]string{
		"headers": fmt.Sprintf(`{"Content-Type":"application/json","X-Hub-Signature-256":"%s"}`, sample.Headers["x-hub-signature-256"]),
		"body":    bytea([]byte(sample.Body)), "raw": bytea(event.Raw), "account": account,
		"thread": event.Thread[:len(event.Thread)-6], "external_id": event.ID[:max(0, len(event.ID)-32)], // the rest is counted
	})
	if err != nil {
		return nil, err
	}
	p.check = func(ctx context.Context, prefix string) (int, error) {
		return count(ctx, s.theirs, `SELECT count(*) FROM webhook_logs w JOIN messages m USING (id) JOIN queue_logs q USING (id)
			WHERE w.id BETWEEN ($1 || '0000000000000000')::uuid AND ($1 || 'ffffffffffffffff')::uuid`, prefix)
	}
	return p, nil
}

// parsed is the one event of a body.
func parsed(body string) (channels.Event, error) {
	channel, err := channels.Open(chat, channels.Env{Account: channels.DefaultAccount})
	if err != nil {
		return channels.Event{}, err
	}
	events, err := channel.Parse(&channels.Request{Body: []byte(body)})
	if err != nil || len(events) != 1 {
		return channels.Event{}, fmt.Errorf("a webhook of one message has %d events: %w", len(events), err)
	}
	return events[0], nil
}

// bytea is PostgreSQL's escape format.
func bytea(content []byte) string { return strings.ReplaceAll(string(content), `\`, `\\`) }

// newProcessScript is the yardstick of the processor.
func newProcessScript(ctx context.Context, s *stage, t *traffic) (*script, error) {
	sample, err := t.webhook(1)
	if err != nil {
		return nil, err
	}
	event, err := parsed(sample.Body)
	if err != nil {
		return nil, err
	}
	account := inbox.AccountID(chat, accountNumber)
	content, said, err := understood(event)
	if err != nil {
		return nil, err
	}
	if _, err := s.direct.Exec(ctx, fillPeople, account, customers); err != nil {
		return nil, fmt.Errorf("filling pgbench's conversations: %w", err)
	}
	p, err := s.newScript(ctx, "process.sql", processSQL, map[string]string{
		"content": content, "text": said, "thread": event.Thread[:len(event.Thread)-6],
	})
	if err != nil {
		return nil, err
	}
	p.fill = func(ctx context.Context, prefix string, n int) error {
		_, err := s.direct.Exec(ctx, fillRows, prefix, n, account, event.Thread, event.ID, event.Raw)
		return err
	}
	p.check = func(ctx context.Context, prefix string) (int, error) {
		return count(ctx, s.theirs, `SELECT count(*) FROM messages m JOIN queue_logs q USING (id) JOIN feed f ON f.message_id = m.id
			WHERE m.state = 'processed' AND q.closed_at IS NOT NULL
			  AND m.id BETWEEN ($1 || '0000000000000000')::uuid AND ($1 || 'ffffffffffffffff')::uuid`, prefix)
	}
	return p, nil
}

// understood is what the processor writes of a message: its content as JSON, and its text.
func understood(event channels.Event) (content, said string, err error) {
	channel, err := channels.Open(chat, channels.Env{Account: channels.DefaultAccount})
	if err != nil {
		return "", "", err
	}
	update, err := channel.Normalize(event)
	if err != nil {
		return "", "", err
	}
	rendered, err := json.Marshal(update.Message)
	return string(rendered), update.Message.Text, err
}

// fillPeople makes the contacts and conversations that the transactions of process.sql write to.
const fillPeople = `
WITH numbers AS (
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id, n FROM generate_series(0, $2::integer - 1) AS n
), account AS (
    INSERT INTO channel_accounts (id, channel, external_id, credential_account) VALUES ($1, 'whatsapp', 'bench', 'default') ON CONFLICT DO NOTHING
), people AS (
    INSERT INTO contacts (id, name, profile_at) SELECT id, 'Customer ' || n, now() FROM numbers ON CONFLICT DO NOTHING
)
INSERT INTO conversations (id, channel_account_id, thread, contact_id, status)
SELECT id, $1, 'thread ' || n, id, 'open' FROM numbers ON CONFLICT DO NOTHING`

// fillRows makes stored messages with their open jobs.
const fillRows = `
WITH numbers AS (
    SELECT ($1 || (1000000000000000 + n))::uuid AS id, n FROM generate_series(0, $2::bigint - 1) AS n
), jobs AS (
    INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq) SELECT id, 'live', $3, 'live/' || $4, n FROM numbers
)
INSERT INTO messages (id, channel_account_id, thread, lane, external_id, raw, webhook_log_id, occurred_at)
SELECT id, $3, $4, 'live/' || $4, left($5, -32) || id, $6, id, now() FROM numbers`
