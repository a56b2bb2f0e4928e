-- What a conversation's history consists of: messages (source 0), notes (1), what agents did (2), and what the platform told besides (3). Each entry has
-- a key, by which the four are one order: its time, its source, its number if it has one, its id.

-- name: TimelineOlder :many
-- The keys before a key, the latest first.
SELECT entry.source::integer AS source, entry.at::timestamptz AS at, entry.seq::bigint AS seq, entry.id::uuid AS id
FROM (
    (
        SELECT 0 AS source, coalesce(m.occurred_at, m.received_at) AS at, m.seq AS seq, m.id AS id FROM messages m
        WHERE m.conversation_id = @conversation_id AND m.state = 'processed' AND m.type <> 'reaction'
          AND (coalesce(m.occurred_at, m.received_at), 0, m.seq, m.id) < (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 1, n.created_at, 0, n.id FROM notes n
        WHERE n.conversation_id = @conversation_id
          AND (n.created_at, 1, 0, n.id) < (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY n.created_at DESC, n.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 2, l.at, 0, l.id FROM audit_log l
        WHERE l.conversation_id = @conversation_id
          AND (l.at, 2, 0, l.id) < (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY l.at DESC, l.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 3, coalesce(e.occurred_at, e.received_at), e.seq, e.id FROM message_events e
        WHERE e.conversation_id = @conversation_id AND e.kind = 'system' AND e.state = 'processed'
          AND (coalesce(e.occurred_at, e.received_at), 3, e.seq, e.id) < (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY coalesce(e.occurred_at, e.received_at) DESC, e.seq DESC
        LIMIT @max_rows
    )
) AS entry
ORDER BY entry.at DESC, entry.source DESC, entry.seq DESC, entry.id DESC
LIMIT @max_rows;

-- name: TimelineNewer :many
-- The keys after a key, the earliest first.
SELECT entry.source::integer AS source, entry.at::timestamptz AS at, entry.seq::bigint AS seq, entry.id::uuid AS id
FROM (
    (
        SELECT 0 AS source, coalesce(m.occurred_at, m.received_at) AS at, m.seq AS seq, m.id AS id FROM messages m
        WHERE m.conversation_id = @conversation_id AND m.state = 'processed' AND m.type <> 'reaction'
          AND (coalesce(m.occurred_at, m.received_at), 0, m.seq, m.id) > (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY coalesce(m.occurred_at, m.received_at), m.seq
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 1, n.created_at, 0, n.id FROM notes n
        WHERE n.conversation_id = @conversation_id
          AND (n.created_at, 1, 0, n.id) > (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY n.created_at, n.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 2, l.at, 0, l.id FROM audit_log l
        WHERE l.conversation_id = @conversation_id
          AND (l.at, 2, 0, l.id) > (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY l.at, l.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT 3, coalesce(e.occurred_at, e.received_at), e.seq, e.id FROM message_events e
        WHERE e.conversation_id = @conversation_id AND e.kind = 'system' AND e.state = 'processed'
          AND (coalesce(e.occurred_at, e.received_at), 3, e.seq, e.id) > (@at::timestamptz, @source::integer, @seq::bigint, @id::uuid)
        ORDER BY coalesce(e.occurred_at, e.received_at), e.seq
        LIMIT @max_rows
    )
) AS entry
ORDER BY entry.at, entry.source, entry.seq, entry.id
LIMIT @max_rows;

-- name: TimelineMessageKey :one
-- The key of a message of a conversation.
SELECT coalesce(m.occurred_at, m.received_at)::timestamptz AS at, m.seq FROM messages m
WHERE m.id = @id AND m.conversation_id = @conversation_id AND m.type <> 'reaction';

-- name: TimelineActivities :many
-- What agents did, by id.
SELECT l.id, l.at, l.agent_id, g.name AS agent_name, l.action, l.detail
FROM audit_log l LEFT JOIN agents g ON g.id = l.agent_id
WHERE l.id = ANY (@ids::uuid[]);

-- name: TimelineEvents :many
-- What the platform told besides messages, by id.
SELECT e.id, coalesce(e.occurred_at, e.received_at)::timestamptz AS at, e.content FROM message_events e WHERE e.id = ANY (@ids::uuid[]);

-- name: MessageView :many
-- Messages as they are shown, by id. Those that are in no conversation any more are left out, as are reactions of ours.
SELECT m.id, m.conversation_id, a.channel, m.external_id, m.direction, m.type, m.text, m.content, m.edited, m.reactions, m.status, m.error_code,
       m.error_reason, m.author_id, m.author, g.name AS agent_name, m.history, coalesce(m.occurred_at, m.received_at)::timestamptz AS at,
       m.edited_at, m.deleted_at, m.reply_to, m.seq, a.external_id AS account,
       again.id AS retried_as,
       CASE WHEN c.title IS NOT NULL AND m.direction = 'in' THEN coalesce(p.edited_name, p.name, p.username, p.phone, '') ELSE '' END::text AS group_sender,
       (
           SELECT json_build_object('id', r.id, 'direction', r.direction, 'type', r.type, 'text', left(r.text, 200),
               'author', coalesce((SELECT w.name FROM agents w WHERE w.id = r.author_id), r.author))
           FROM messages r
           WHERE r.channel_account_id = m.channel_account_id AND r.external_id = m.reply_to AND r.state = 'processed'
       )::json AS answered,
       (
           SELECT json_agg(json_build_object('position', t.position, 'detail', t.detail, 'file', CASE WHEN f.id IS NOT NULL THEN json_build_object(
               'id', f.id, 'state', f.state, 'reason', f.reason, 'key', f.key, 'mime', f.mime, 'bytes', f.bytes) END) ORDER BY t.position)
           FROM attachments t LEFT JOIN files f ON f.message_id = t.message_id AND f.position = t.position
           WHERE t.message_id = m.id
       )::json AS attachments
FROM messages m
JOIN conversations c ON c.id = m.conversation_id
JOIN channel_accounts a ON a.id = m.channel_account_id
LEFT JOIN contacts p ON p.id = m.contact_id
LEFT JOIN agents g ON g.id = m.author_id
LEFT JOIN messages again ON again.retry_of = m.id
WHERE m.id = ANY (@ids::uuid[]) AND m.state = 'processed' AND m.type <> 'reaction';
