-- name: MessageEventLock :one
-- Takes the lock on the external id of the message that the event is about (see MessageLock), then the stored row itself.
SELECT id FROM message_events
WHERE id = @id AND state NOT IN ('processed', 'dead') AND pg_advisory_xact_lock(hashtextextended(@lock_key::text, 0)) IS NOT NULL
FOR UPDATE;

-- name: MessageEventComplete :exec
-- Completes a stored event. The raw bytes of what we do not know are kept.
UPDATE message_events SET
    state = 'processed', processed_at = now(), seq = nextval('inbound_seq'), reason = NULL, raw = CASE WHEN kind = 'unknown' THEN raw END,
    target = sqlc.narg('target'), content = @content, conversation_id = sqlc.narg('conversation_id')
WHERE id = @id;

-- name: MessageEventBury :exec
-- Marks a stored event dead with its reason; its raw bytes stay, for whoever repairs it.
UPDATE message_events SET state = 'dead', reason = @reason, processed_at = now()
WHERE id = @id AND state NOT IN ('processed', 'dead'); -- see MessageLock

-- name: MessageEventFacts :many
-- Every processed fact about one message, whenever it came.
SELECT kind, key, content, coalesce(occurred_at, received_at)::timestamptz AS happened_at FROM message_events
WHERE channel_account_id = @channel_account_id AND target = @target AND state = 'processed';

-- name: MessageEventMove :exec
-- Moves the events of a conversation that turned out to be another's.
UPDATE message_events SET conversation_id = @winner WHERE conversation_id = @loser;
