-- name: MessageLock :one
-- Takes the transaction-level lock on a message's external id, under which whoever writes the message and whoever writes a fact about
-- it take turns, and then the stored row itself. No row: it was processed meanwhile.
--
-- A row that waits is looked for as one that is neither processed nor dead. As state = 'stored' it could be found in the index of what waits, and
-- would be: that is empty when the statistics are made, and has the whole backlog when it matters.
SELECT id FROM messages
WHERE id = @id AND state NOT IN ('processed', 'dead') AND pg_advisory_xact_lock(hashtextextended(@lock_key::text, 0)) IS NOT NULL
FOR UPDATE;

-- name: MessageTargetLock :exec
-- Takes the lock of MessageLock on the external id of a message, whether that is there or not.
SELECT pg_advisory_xact_lock(hashtextextended(@lock_key::text, 0));

-- name: MessageByExternalID :one
-- A processed message by the platform's id, for folding a fact into it.
SELECT * FROM messages
WHERE channel_account_id = @channel_account_id AND external_id = @external_id AND state = 'processed'
FOR UPDATE;

-- name: MessageComplete :exec
-- Completes a stored message and all that follows from it: the message (its raw bytes are dropped, the webhook's body stays in
-- webhook_logs), its conversation, the feed.
WITH message AS (
    UPDATE messages SET
        state = 'processed', processed_at = now(), seq = nextval('inbound_seq'), raw = NULL, reason = NULL,
        conversation_id = @conversation_id, contact_id = sqlc.narg('contact_id'),
        direction = @direction, type = @type, text = sqlc.narg('text'), content = @content, edited = sqlc.narg('edited'),
        reply_to = sqlc.narg('reply_to'), status = sqlc.narg('status'), reactions = sqlc.narg('reactions'),
        edited_at = sqlc.narg('edited_at'), deleted_at = sqlc.narg('deleted_at'), error_code = sqlc.narg('error_code'),
        error_reason = sqlc.narg('error_reason')
    WHERE messages.id = @id
), conversation AS (
    UPDATE conversations SET
        thread = @thread, contact_id = sqlc.narg('conversation_contact_id'), status = @conversation_status,
        last_message_at = sqlc.narg('last_message_at'), last_inbound_at = sqlc.narg('last_inbound_at'),
        window_expires_at = sqlc.narg('window_expires_at'), unread_count = @unread_count, snoozed_until = sqlc.narg('snoozed_until'),
        waiting_since = sqlc.narg('waiting_since'), updated_at = now()
    WHERE conversations.id = @conversation_id
)
INSERT INTO feed (kind, conversation_id, message_id) SELECT unnest(@feed_kinds::text[]), @conversation_id, @id::uuid;

-- name: MessageFold :exec
-- Writes what the facts about a processed message now add up to.
UPDATE messages SET
    text = sqlc.narg('text'), edited = sqlc.narg('edited'), status = sqlc.narg('status'), reactions = sqlc.narg('reactions'),
    edited_at = sqlc.narg('edited_at'), deleted_at = sqlc.narg('deleted_at'), error_code = sqlc.narg('error_code'),
    error_reason = sqlc.narg('error_reason')
WHERE id = @id;

-- name: MessageWatermark :exec
-- Raises the status of what we sent to a conversation up to a time, wherever it is lower, and tells of each message that it changed.
WITH raised AS (
    UPDATE messages m SET status = @status
    WHERE m.conversation_id = @conversation_id AND m.direction = 'out' AND m.state = 'processed' AND m.external_id IS NOT NULL
      AND m.occurred_at <= @until AND coalesce(m.status, '') = ANY(@lower_states::text[])
    RETURNING m.id, m.conversation_id
)
INSERT INTO feed (kind, conversation_id, message_id) SELECT 'message.updated', raised.conversation_id, raised.id FROM raised;

-- name: MessageBury :exec
-- Marks a stored message dead with its reason; its raw bytes stay, for whoever repairs it.
UPDATE messages SET state = 'dead', reason = @reason, processed_at = now()
WHERE id = @id AND state NOT IN ('processed', 'dead'); -- see MessageLock

-- name: MessageMove :exec
-- Moves the messages of a conversation that turned out to be another's.
UPDATE messages SET conversation_id = @winner WHERE conversation_id = @loser;

-- name: MessageAuthorMove :exec
-- Moves the messages of a contact who turned out to be another.
UPDATE messages SET contact_id = @winner WHERE contact_id = @loser;

-- name: RowsStored :many
-- The unprocessed rows of some lanes, messages and events together, in the order in which they were stored; if any are named, as kind/key, only those.
-- place is that of a row's lane among them, from 1.
SELECT wanted.place::bigint AS place, rows.id, rows.seq, rows.kind, rows.key, rows.history, rows.raw, rows.occurred_at, rows.thread,
       rows.channel_account_id, rows.received_at, a.channel, a.external_id AS account_external_id, a.credential_account
FROM (
    SELECT unnest(@accounts::uuid[]) AS account, unnest(@lanes::text[]) AS lane, unnest(@up_to_seqs::bigint[]) AS up_to_seq,
           generate_series(1, cardinality(@lanes::text[])) AS place
) AS wanted
CROSS JOIN LATERAL (
    SELECT stored.* FROM (
        SELECT m.id, m.seq, 'message'::text AS kind, m.external_id AS key, m.history, m.raw, m.occurred_at, m.thread, m.channel_account_id,
               m.received_at
        FROM messages m
        WHERE m.channel_account_id = wanted.account AND m.lane = wanted.lane AND m.state = 'stored' AND m.seq <= wanted.up_to_seq
          AND (cardinality(@named::text[]) = 0 OR 'message/' || m.external_id = ANY(@named::text[]))
        UNION ALL
        SELECT e.id, e.seq, e.kind, e.key, e.history, e.raw, e.occurred_at, e.thread, e.channel_account_id,
               e.received_at
        FROM message_events e
        WHERE e.channel_account_id = wanted.account AND e.lane = wanted.lane AND e.state = 'stored' AND e.seq <= wanted.up_to_seq
          AND (cardinality(@named::text[]) = 0 OR e.kind || '/' || e.key = ANY(@named::text[]))
    ) AS stored
    ORDER BY stored.seq
    LIMIT @max_rows
) AS rows
JOIN channel_accounts a ON a.id = rows.channel_account_id
ORDER BY wanted.place, rows.seq;

-- name: MessageLatestInbound :one
-- What a customer last wrote in a conversation, and what they pressed: a button that a message of ours had. Telegram alone tells of that as
-- something that is no message, under an id that begins like this; empty: none.
SELECT
    coalesce((
        SELECT m.external_id FROM messages m
        WHERE m.conversation_id = @conversation_id AND m.direction = 'in' AND NOT m.history AND m.external_id NOT LIKE 'callback/%'
        ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC LIMIT 1
    ), '')::text AS written,
    coalesce((
        SELECT CASE WHEN m.external_id LIKE 'callback/%' THEN m.external_id END FROM messages m
        WHERE m.conversation_id = @conversation_id AND m.direction = 'in' AND NOT m.history
        ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC LIMIT 1
    ), '')::text AS pressed;
