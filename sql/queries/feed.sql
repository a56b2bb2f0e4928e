-- name: FeedInsert :exec
-- Appends one change to the feed.
INSERT INTO feed (kind, conversation_id, message_id, event_id)
VALUES (@kind, sqlc.narg('conversation_id'), sqlc.narg('message_id'), sqlc.narg('event_id'));

-- name: FeedAfter :many
-- The changes after a cursor, oldest first, as far as no open transaction can still come before them. With what a reader needs to show
-- them.
SELECT f.xid::text AS xid, f.seq, f.kind, f.conversation_id, f.message_id, f.event_id, f.created_at,
       a.channel, coalesce(ct.edited_name, ct.name) AS contact_name, c.thread,
       m.direction, m.type, m.text, m.status, m.occurred_at, m.deleted_at, e.kind AS event_kind, e.content AS event_content
FROM feed f
LEFT JOIN messages m ON m.id = f.message_id
LEFT JOIN message_events e ON e.id = f.event_id
LEFT JOIN conversations c ON c.id = f.conversation_id
LEFT JOIN contacts ct ON ct.id = c.contact_id
LEFT JOIN channel_accounts a ON a.id = coalesce(c.channel_account_id, e.channel_account_id)
WHERE f.xid < pg_snapshot_xmin(pg_current_snapshot())
  AND (f.xid, f.seq) > (cast(@after_xid::text AS xid8), @after_seq::bigint)
ORDER BY f.xid, f.seq
LIMIT @max_rows;

-- name: FeedEnd :one
-- The cursor behind which there is nothing that a reader may see yet.
SELECT coalesce(max(xid)::text, '0')::text AS xid, coalesce((array_agg(seq ORDER BY xid DESC, seq DESC))[1], 0)::bigint AS seq
FROM (SELECT xid, seq FROM feed WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid DESC, seq DESC LIMIT 1) AS last;

-- name: FeedPage :many
-- The changes behind a place, oldest first. Those that are not to be shown yet come last: an open transaction can still come before them. If the first
-- is a feed.start, what was behind the place is deleted.
SELECT f.xid::text AS xid, f.seq, f.kind, f.conversation_id, f.message_id, f.event_id, f.created_at,
       (f.xid < pg_snapshot_xmin(pg_current_snapshot()))::boolean AS shown, m.merged_into
FROM feed f
LEFT JOIN messages m ON m.id = f.message_id
WHERE (f.xid, f.seq) > (cast(@after_xid::text AS xid8), @after_seq::bigint)
ORDER BY f.xid, f.seq
LIMIT @max_rows;

-- name: FeedExpire :one
-- Deletes changes that were written before a moment, of the oldest so many.
SELECT expire_feed(@older_than::timestamptz, @max_rows::integer)::integer;

-- name: FeedContact :exec
-- Tells clients that a contact reads otherwise, and with them their conversations.
INSERT INTO feed (kind, conversation_id, event_id)
SELECT 'contact.updated', NULL, @contact_id::uuid
UNION ALL
SELECT 'conversation.updated', c.id, NULL FROM conversations c
WHERE c.contact_id = @contact_id AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL;
