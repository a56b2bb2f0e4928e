-- A conversation as its visitor sees it: messages alone, and of ours those that were sent.

-- name: VisitorConversation :one
-- The conversation of a visitor's chat, and until when an agent has read it.
SELECT c.id, coalesce(CASE WHEN c.unread_count = 0 THEN c.last_inbound_at END, '0001-01-01 00:00+00')::timestamptz AS read_until -- Go's zero time: not all of it
FROM conversation_threads t JOIN conversations c ON c.id = t.conversation_id
WHERE t.channel_account_id = @channel_account_id AND t.thread = @thread;

-- name: VisitorOlder :many
-- The messages before one, the latest first.
SELECT m.id, m.seq, coalesce(m.occurred_at, m.received_at)::timestamptz AS at FROM messages m
WHERE m.conversation_id = @conversation_id AND m.state = 'processed' AND m.type <> 'reaction' AND m.external_id IS NOT NULL
  AND (coalesce(m.occurred_at, m.received_at), m.seq) < (@at::timestamptz, @seq::bigint)
ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC
LIMIT @max_rows;

-- name: VisitorChanges :one
-- What became of a conversation's messages behind a place in the feed, of which so many changes are looked at: there are more of them, or some are
-- deleted, if the place is lost. pending: some may not be shown yet, because an open transaction can still come before them.
WITH behind AS (
    SELECT f.xid, f.seq, f.kind, f.message_id, f.xid < pg_snapshot_xmin(pg_current_snapshot()) AS shown,
           f.conversation_id = @conversation_id::uuid AND f.message_id IS NOT NULL AS ours
    FROM feed f
    WHERE (f.xid, f.seq) > (cast(@after_xid::text AS xid8), @after_seq::bigint)
    ORDER BY f.xid, f.seq
    LIMIT @max_rows
)
SELECT (count(*) = @max_rows OR coalesce(bool_or(kind = 'feed.start'), false))::boolean AS lost,
       coalesce(bool_or(ours AND NOT shown), false)::boolean AS pending,
       coalesce((array_agg(xid::text ORDER BY xid DESC, seq DESC) FILTER (WHERE shown))[1], @after_xid)::text AS xid,
       coalesce((array_agg(seq ORDER BY xid DESC, seq DESC) FILTER (WHERE shown))[1], @after_seq)::bigint AS seq,
       coalesce(array_agg(DISTINCT message_id) FILTER (WHERE ours AND shown), '{}')::uuid[] AS messages
FROM behind;

-- name: VisitorMessages :many
-- Messages of a conversation as its visitor sees them, by id, in their order.
SELECT m.id, m.external_id, m.direction, m.text, m.content, m.edited, m.reply_to, m.status, g.name AS agent_name,
       coalesce(m.occurred_at, m.received_at)::timestamptz AS at, m.edited_at, m.deleted_at, (s.outgoing -> 'choices')::json AS choices,
       (
           SELECT json_agg(json_build_object('detail', t.detail, 'file', CASE WHEN f.state = 'stored' THEN json_build_object(
               'key', f.key, 'mime', f.mime, 'bytes', f.bytes) END) ORDER BY t.position)
           FROM attachments t LEFT JOIN files f ON f.message_id = t.message_id AND f.position = t.position
           WHERE t.message_id = m.id
       )::json AS attachments
FROM messages m
LEFT JOIN agents g ON g.id = m.author_id
LEFT JOIN sends s ON s.message_id = m.id
WHERE m.id = ANY (@ids::uuid[]) AND m.conversation_id = @conversation_id AND m.state = 'processed' AND m.type <> 'reaction'
  AND m.external_id IS NOT NULL
ORDER BY coalesce(m.occurred_at, m.received_at), m.seq;
