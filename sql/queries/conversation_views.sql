-- name: ConversationView :many
-- Conversations as they are shown, in the order of the ids. One that is another by now is shown as it was, and says which it is.
SELECT c.id, c.channel_account_id, a.channel, a.external_id AS account, a.credential_account, h.name AS account_name, c.thread, c.title, c.merged_into,
       c.status, c.snoozed_until, c.unread_count, c.last_message_at, c.last_inbound_at, c.waiting_since, c.window_expires_at, c.created_at, c.updated_at,
       p.id AS contact_id, coalesce(p.edited_name, p.name) AS contact_name, p.username AS contact_username,
       coalesce(p.edited_phone, p.phone) AS contact_phone, c.assignee_id, g.name AS assignee_name,
       (
           SELECT json_agg(json_build_object('id', l.id, 'name', l.name, 'color', l.color) ORDER BY lower(l.name))
           FROM conversation_labels cl JOIN labels l ON l.id = cl.label_id WHERE cl.conversation_id = c.id
       )::json AS labels,
       (
           SELECT json_build_object('id', m.id, 'direction', m.direction, 'type', m.type, 'text', left(m.text, 200), 'status', m.status,
               'at', coalesce(m.occurred_at, m.received_at), 'deleted', m.deleted_at IS NOT NULL,
               'author', coalesce((SELECT w.name FROM agents w WHERE w.id = m.author_id), m.author))
           FROM messages m
           WHERE m.conversation_id = c.id AND m.state = 'processed' AND m.type <> 'reaction'
           ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC
           LIMIT 1
       )::json AS last_message,
       coalesce((
           SELECT o.status IN ('failed', 'unknown')
           FROM sends s JOIN messages o ON o.id = s.message_id
           WHERE s.conversation_id = c.id AND o.type <> 'reaction'
           ORDER BY s.seq DESC
           LIMIT 1
       ), false)::boolean AS failed
FROM unnest(@ids::uuid[]) WITH ORDINALITY AS wanted(id, place)
JOIN conversations c ON c.id = wanted.id
JOIN channel_accounts a ON a.id = c.channel_account_id
LEFT JOIN channel_health h ON h.channel = a.channel AND h.credential_account = a.credential_account
LEFT JOIN contacts p ON p.id = c.contact_id
LEFT JOIN agents g ON g.id = c.assignee_id
ORDER BY wanted.place;

-- name: ConversationWinner :one
-- The conversation that one is now, which is mostly itself.
WITH RECURSIVE way AS (
    SELECT c.id, c.merged_into FROM conversations c WHERE c.id = @id
    UNION ALL
    SELECT c.id, c.merged_into FROM conversations c JOIN way ON c.id = way.merged_into
)
SELECT way.id FROM way WHERE way.merged_into IS NULL;

-- The lists. A page lies behind a place: a time and an id. Each status is read along its own piece of an index, in one direction or the other, and
-- whoever asks puts the pieces together. What is asked for decides which index that is.

-- name: ConversationsByStatus :many
-- Conversations of some states.
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN LATERAL (
    (
        SELECT c.id, c.last_message_at AS ordered_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    )
) AS page;

-- name: ConversationsByAccount :many
-- Conversations of some channel accounts.
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN unnest(@accounts::uuid[]) AS owner(id)
CROSS JOIN LATERAL (
    (
        SELECT c.id, c.last_message_at AS ordered_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.channel_account_id = owner.id
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.channel_account_id = owner.id
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    )
) AS page;

-- name: ConversationsByAssignee :many
-- Conversations that an agent looks after; null: that nobody does.
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN LATERAL (
    (
        SELECT c.id, c.last_message_at AS ordered_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.assignee_id = sqlc.narg('assignee')::uuid
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND c.assignee_id = sqlc.narg('assignee')::uuid
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND sqlc.narg('assignee')::uuid IS NULL AND c.assignee_id IS NULL
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status
          AND sqlc.narg('assignee')::uuid IS NULL AND c.assignee_id IS NULL
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    )
) AS page;

-- name: ConversationsUnread :many
-- Conversations with something unread: of everybody, of an agent, of nobody (unassigned).
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN LATERAL (
    (
        SELECT c.id, c.last_message_at AS ordered_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND sqlc.narg('assignee')::uuid IS NULL AND NOT @unassigned::boolean
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND sqlc.narg('assignee')::uuid IS NULL AND NOT @unassigned::boolean
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND c.assignee_id = sqlc.narg('assignee')::uuid
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND c.assignee_id = sqlc.narg('assignee')::uuid
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE NOT @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND @unassigned::boolean AND c.assignee_id IS NULL
          AND c.last_message_at <= @at::timestamptz AND (c.last_message_at < @at::timestamptz OR c.id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at DESC, c.id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversations c
        WHERE @oldest::boolean AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = wanted.status AND c.unread_count > 0
          AND @unassigned::boolean AND c.assignee_id IS NULL
          AND c.last_message_at >= @at::timestamptz AND (c.last_message_at > @at::timestamptz OR c.id < @after_id::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY c.last_message_at, c.id DESC
        LIMIT @max_rows
    )
) AS page;

-- name: ConversationsByLabel :many
-- Conversations that have a label.
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN LATERAL (
    (
        SELECT c.id, c.last_message_at AS ordered_at FROM conversation_labels cl JOIN conversations c ON c.id = cl.conversation_id
        WHERE NOT @oldest::boolean AND cl.label_id = @label AND cl.status = wanted.status AND c.merged_into IS NULL
          AND cl.last_message_at <= @at::timestamptz AND (cl.last_message_at < @at::timestamptz OR cl.conversation_id > @after_id::uuid)
          AND (NOT @answered::boolean OR c.waiting_since IS NULL)
          AND (NOT @unread::boolean OR c.unread_count > 0)
          AND (NOT @unassigned::boolean OR c.assignee_id IS NULL)
          AND (sqlc.narg('assignee')::uuid IS NULL OR c.assignee_id = sqlc.narg('assignee')::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY cl.last_message_at DESC, cl.conversation_id
        LIMIT @max_rows
    ) UNION ALL (
        SELECT c.id, c.last_message_at FROM conversation_labels cl JOIN conversations c ON c.id = cl.conversation_id
        WHERE @oldest::boolean AND cl.label_id = @label AND cl.status = wanted.status AND c.merged_into IS NULL
          AND cl.last_message_at >= @at::timestamptz AND (cl.last_message_at > @at::timestamptz OR cl.conversation_id < @after_id::uuid)
          AND (NOT @unread::boolean OR c.unread_count > 0)
          AND (NOT @unassigned::boolean OR c.assignee_id IS NULL)
          AND (sqlc.narg('assignee')::uuid IS NULL OR c.assignee_id = sqlc.narg('assignee')::uuid)
          AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
        ORDER BY cl.last_message_at, cl.conversation_id DESC
        LIMIT @max_rows
    )
) AS page;

-- name: ConversationsWaiting :many
-- Conversations in which a customer waits for an answer, who has waited longest first.
SELECT page.id, page.ordered_at::timestamptz AS ordered_at
FROM unnest(@statuses::text[]) AS wanted(status)
CROSS JOIN LATERAL (
    SELECT c.id, c.waiting_since AS ordered_at FROM conversations c
    WHERE c.merged_into IS NULL AND c.waiting_since IS NOT NULL AND c.status = wanted.status
      AND c.waiting_since >= @at::timestamptz AND (c.waiting_since > @at::timestamptz OR c.id > @after_id::uuid)
      AND (NOT @unread::boolean OR c.unread_count > 0)
      AND (NOT @unassigned::boolean OR c.assignee_id IS NULL)
      AND (sqlc.narg('assignee')::uuid IS NULL OR c.assignee_id = sqlc.narg('assignee')::uuid)
      AND (cardinality(@accounts::uuid[]) = 0 OR c.channel_account_id = ANY (@accounts::uuid[]))
      AND (sqlc.narg('label')::uuid IS NULL
           OR EXISTS (SELECT FROM conversation_labels cl WHERE cl.conversation_id = c.id AND cl.label_id = sqlc.narg('label')::uuid))
    ORDER BY c.waiting_since, c.id
    LIMIT @max_rows
) AS page;

-- name: ConversationAccounts :many
-- The channel accounts of a channel.
SELECT id FROM channel_accounts WHERE channel = @channel;

-- name: ConversationCounts :one
-- How many conversations the lists have that an agent sees first, each counted to a limit, and in the order of an index: else the whole table would be
-- read where that looks quicker.
SELECT
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'open'
        AND c.assignee_id = @agent
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS mine,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'open'
        AND c.assignee_id IS NULL
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS unassigned,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'open'
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS everybodys,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'open'
        AND c.assignee_id = @agent AND c.unread_count > 0
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS mine_unread,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'open'
        AND c.assignee_id IS NULL AND c.unread_count > 0
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS unassigned_unread,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'snoozed'
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS snoozed,
    (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.merged_into IS NULL AND c.last_message_at IS NOT NULL AND c.status = 'pending'
        ORDER BY c.last_message_at DESC LIMIT @most) AS found) AS pending,
    (SELECT count(*) FROM (SELECT FROM dead_letters LIMIT @most) AS found) AS dead_letters;
