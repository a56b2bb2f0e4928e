-- name: MessageSearch :many
-- Messages with all words of what somebody typed, whose numbers are below one, the latest first. It goes through the blocks of numbers from the newest
-- to the oldest (see message_words): the nested loop asks for no further block once there is enough.
SELECT found.id, found.seq
FROM generate_series((least(@before_seq::bigint, coalesce(pg_sequence_last_value('inbound_seq'::regclass), 0)) >> 17), 0, -1) AS block
CROSS JOIN LATERAL (
    SELECT m.id, m.seq FROM messages m
    WHERE message_words(m.text, m.seq) @@ search_block(@typed::text, block)
      AND m.state = 'processed' AND m.conversation_id IS NOT NULL AND m.text IS NOT NULL AND m.type <> 'reaction' AND m.seq < @before_seq::bigint
    ORDER BY m.seq DESC
    LIMIT @max_rows
) AS found
LIMIT @max_rows;

-- name: ConversationSearch :many
-- Conversations with contacts, or groups, that are called like this, those with the latest messages first.
WITH found AS MATERIALIZED (
    SELECT c.id, c.last_message_at FROM contacts p JOIN conversations c ON c.contact_id = p.id
    WHERE contact_words(coalesce(p.edited_name, p.name), p.username, coalesce(p.edited_phone, p.phone), p.email) @@ search_contacts(@typed::text)
      AND p.merged_into IS NULL AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL
    UNION ALL
    SELECT c.id, c.last_message_at FROM conversations c
    WHERE to_tsvector('pg_catalog.simple'::regconfig, c.title) @@ search_words(@typed::text)
      AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.title IS NOT NULL
)
SELECT found.id, found.last_message_at::timestamptz AS ordered_at FROM found
WHERE found.last_message_at <= @at::timestamptz AND (found.last_message_at < @at::timestamptz OR found.id > @after_id::uuid)
ORDER BY found.last_message_at DESC, found.id
LIMIT @max_rows;
