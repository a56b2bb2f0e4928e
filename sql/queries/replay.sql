-- name: ReplayWebhooks :many
-- Logged webhooks between two ids, in their order, but for those of which nothing is left. An empty channel means all.
SELECT id, channel, credential_account, headers, body, parse_error, received_at FROM webhook_logs
WHERE id > @after AND id < @before AND (@channel::text = '' OR channel = @channel) AND (erased_at IS NULL OR events > 0)
ORDER BY id
LIMIT @max_rows;

-- name: ReplayWebhooksByID :many
-- The named logged webhooks between two ids, in their order.
SELECT id, channel, credential_account, headers, body, parse_error, received_at FROM webhook_logs
WHERE id = ANY(@ids::uuid[]) AND id > @after AND id < @before AND (@channel::text = '' OR channel = @channel)
  AND (erased_at IS NULL OR events > 0)
ORDER BY id
LIMIT @max_rows;

-- name: ReplayWebhookReadable :exec
-- Notes that a logged webhook which could not be read can be read now.
UPDATE webhook_logs SET parse_error = NULL, events = @events WHERE id = @id;

-- name: ReplayRowsOfWebhooks :many
-- Every row that came of the given webhooks, messages and events together, with what is stored of its meaning. The text of a message that
-- was edited or deleted since is not what was written, and left out.
SELECT m.id, m.webhook_log_id, m.channel_account_id, 'message'::text AS kind, m.external_id AS key, m.thread, m.history, m.occurred_at,
       m.state, m.reason, m.content, m.type, coalesce(CASE WHEN m.edited IS NULL AND m.deleted_at IS NULL THEN m.text END, '')::text AS text,
       (m.edited IS NOT NULL OR m.deleted_at IS NOT NULL)::boolean AS folded
FROM messages m WHERE m.webhook_log_id = ANY(@webhooks::uuid[]) AND m.merged_into IS NULL
UNION ALL
SELECT e.id, e.webhook_log_id, e.channel_account_id, e.kind, e.key, e.thread, e.history, e.occurred_at,
       e.state, e.reason, e.content, NULL::text, '', false
FROM message_events e WHERE e.webhook_log_id = ANY(@webhooks::uuid[]);

-- name: ReplayRowsOfEvents :many
-- Which of the given events came with other webhooks than the given ones, or are messages of ours.
SELECT m.id, m.channel_account_id, 'message'::text AS kind, m.external_id AS key
FROM messages m
JOIN (SELECT unnest(@accounts::uuid[]) AS account, unnest(@kinds::text[]) AS kind, unnest(@keys::text[]) AS key) AS wanted
  ON wanted.kind = 'message' AND m.channel_account_id = wanted.account AND m.external_id = wanted.key
WHERE m.webhook_log_id IS NULL OR m.webhook_log_id <> ALL(@webhooks::uuid[])
UNION ALL
SELECT e.id, e.channel_account_id, e.kind, e.key
FROM message_events e
JOIN (SELECT unnest(@accounts::uuid[]) AS account, unnest(@kinds::text[]) AS kind, unnest(@keys::text[]) AS key) AS wanted
  ON e.channel_account_id = wanted.account AND e.kind = wanted.kind AND e.key = wanted.key
WHERE e.webhook_log_id <> ALL(@webhooks::uuid[]);

-- name: ReplayAccountInsert :exec
-- A channel account that may be there already.
INSERT INTO channel_accounts (id, channel, external_id, credential_account)
VALUES (@id, @channel, @external_id, @credential_account)
ON CONFLICT DO NOTHING;

-- name: ReplayMessageInsert :execrows
-- A message that an old webhook turned out to hold: it comes late, and is marked. No row is affected if it is there already.
INSERT INTO messages (id, channel_account_id, thread, lane, external_id, history, raw, webhook_log_id, occurred_at, received_at, redriven_at)
VALUES (@id, @channel_account_id, @thread, @lane, @key, @history, @raw, @webhook_log_id, sqlc.narg('occurred_at'), @received_at, now())
ON CONFLICT (channel_account_id, external_id) DO NOTHING;

-- name: ReplayEventInsert :execrows
-- The same for everything else.
INSERT INTO message_events (id, channel_account_id, thread, lane, kind, key, history, raw, webhook_log_id, occurred_at, received_at, redriven_at)
VALUES (@id, @channel_account_id, @thread, @lane, @kind, @key, @history, @raw, @webhook_log_id, sqlc.narg('occurred_at'), @received_at, now())
ON CONFLICT (channel_account_id, kind, key) DO NOTHING;

-- name: ReplayMessageReopen :execrows
-- Takes a message that was processed or given up back to what ingest leaves of it, under the lock of MessageLock, which comes first as it
-- does there. No row is affected if it waits to be processed.
UPDATE messages SET
    state = 'stored', reason = NULL, raw = @raw, thread = @thread, lane = @lane, history = @history, occurred_at = sqlc.narg('occurred_at'),
    redriven_at = CASE WHEN state = 'dead' THEN now() ELSE redriven_at END
WHERE id = @id AND state <> 'stored' AND pg_advisory_xact_lock(hashtextextended(@lock_key::text, 0)) IS NOT NULL;

-- name: ReplayEventReopen :one
-- The same for everything else. Returns the message that it was about until now; no row if it waits to be processed.
UPDATE message_events SET
    state = 'stored', reason = NULL, raw = @raw, thread = @thread, lane = @lane, history = @history, occurred_at = sqlc.narg('occurred_at'),
    redriven_at = CASE WHEN state = 'dead' THEN now() ELSE redriven_at END
WHERE id = @id AND state <> 'stored' AND pg_advisory_xact_lock(hashtextextended(@lock_key::text, 0)) IS NOT NULL
RETURNING target;
