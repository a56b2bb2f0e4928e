-- What operators need: to find what came of a webhook, and what nobody could process.

-- +goose Up

-- Replay compares a webhook with the rows that came of it. The key is a UUIDv7, so new entries go to the end of the index.
CREATE INDEX messages_webhook ON messages (webhook_log_id);
CREATE INDEX message_events_webhook ON message_events (webhook_log_id);

-- Everything that waits for an operator.
CREATE VIEW dead_letters AS
    SELECT m.id, m.seq, 'message'::text AS kind, a.channel, m.reason, m.processed_at AS died_at, m.redriven_at
    FROM messages m JOIN channel_accounts a ON a.id = m.channel_account_id
    WHERE m.state = 'dead'
    UNION ALL
    SELECT e.id, e.seq, e.kind, a.channel, e.reason, e.processed_at, e.redriven_at
    FROM message_events e JOIN channel_accounts a ON a.id = e.channel_account_id
    WHERE e.state = 'dead'
    UNION ALL
    SELECT j.id, 0, 'job', '', j.reason, j.died_at, j.redriven_at
    FROM dead_jobs j
    WHERE j.redriven_at IS NULL;

-- +goose Down
DROP VIEW dead_letters;
DROP INDEX message_events_webhook, messages_webhook;
