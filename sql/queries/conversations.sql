-- name: ConversationFind :many
-- The conversations known by any of the given threads, oldest first, locked until the transaction ends; a row for each of the threads
-- that is known. Their ids are looked up beforehand: a planner that has not heard how many conversations there are would go through all in the order of
-- their ids.
SELECT t.thread AS known_as, sqlc.embed(c)
FROM conversation_threads t JOIN conversations c ON c.id = t.conversation_id
WHERE t.channel_account_id = @channel_account_id AND t.thread = ANY(@threads::text[]) AND c.id = ANY (ARRAY(
    SELECT known.conversation_id FROM conversation_threads known
    WHERE known.channel_account_id = @channel_account_id AND known.thread = ANY(@threads::text[])
))
ORDER BY c.id
FOR UPDATE OF c;

-- name: ConversationInsert :exec
-- A new conversation.
INSERT INTO conversations (id, channel_account_id, thread, title, contact_id, status)
VALUES (@id, @channel_account_id, @thread, sqlc.narg('title'), sqlc.narg('contact_id'), @status);

-- name: ConversationTouch :exec
-- Writes what changed in a conversation besides a message of its own: watermarks, a new name, a merge.
UPDATE conversations SET
    thread = @thread, title = sqlc.narg('title'), contact_id = sqlc.narg('contact_id'), status = @status, last_message_at = sqlc.narg('last_message_at'),
    last_inbound_at = sqlc.narg('last_inbound_at'), window_expires_at = sqlc.narg('window_expires_at'), unread_count = @unread_count,
    delivered_until = sqlc.narg('delivered_until'), read_until = sqlc.narg('read_until'), assignee_id = sqlc.narg('assignee_id'),
    snoozed_until = sqlc.narg('snoozed_until'), waiting_since = sqlc.narg('waiting_since'), updated_at = now()
WHERE id = @id;

-- name: ConversationMerge :exec
-- Records that a conversation is another, to which everything goes that agents did in it. Entries of the audit log keep saying which it was.
WITH label AS (
    DELETE FROM conversation_labels cl WHERE cl.conversation_id = @loser RETURNING cl.label_id
), labeled AS (
    INSERT INTO conversation_labels (conversation_id, label_id, status, last_message_at)
    SELECT c.id, label.label_id, c.status, c.last_message_at FROM conversations c, label WHERE c.id = @winner::uuid
    ON CONFLICT DO NOTHING
), note AS (
    UPDATE notes SET conversation_id = @winner::uuid WHERE notes.conversation_id = @loser
), entry AS (
    UPDATE audit_log SET conversation_id = @winner::uuid WHERE audit_log.conversation_id = @loser
)
UPDATE conversations SET merged_into = @winner::uuid, assignee_id = NULL, snoozed_until = NULL, waiting_since = NULL, updated_at = now()
WHERE conversations.id = @loser;

-- name: ConversationAuthorMove :exec
-- Hands the conversations of one contact to another.
UPDATE conversations SET contact_id = @winner WHERE contact_id = @loser;

-- name: ConversationLock :one
-- A conversation as it is until the transaction ends, with the ids of its labels. One that is another by now says which.
SELECT sqlc.embed(c), (
    SELECT coalesce(array_agg(cl.label_id ORDER BY cl.label_id), '{}') FROM conversation_labels cl WHERE cl.conversation_id = c.id
)::uuid[] AS labels
FROM conversations c
WHERE c.id = @id
FOR UPDATE OF c;

-- name: ConversationAgents :exec
-- Writes what agents change in a conversation, and tells clients.
WITH change AS (
    INSERT INTO feed (kind, conversation_id) VALUES ('conversation.updated', @id)
)
UPDATE conversations SET
    status = @status, snoozed_until = sqlc.narg('snoozed_until'), assignee_id = sqlc.narg('assignee_id'), waiting_since = sqlc.narg('waiting_since'),
    unread_count = @unread_count, updated_at = now()
WHERE conversations.id = @id;

-- name: ConversationLabel :exec
-- Puts labels on a conversation, those that there are, and takes others off.
WITH gone AS (
    DELETE FROM conversation_labels cl WHERE cl.conversation_id = @conversation_id AND cl.label_id = ANY (@removed::uuid[])
)
INSERT INTO conversation_labels (conversation_id, label_id, status, last_message_at)
SELECT c.id, l.id, c.status, c.last_message_at FROM conversations c, labels l WHERE c.id = @conversation_id AND l.id = ANY (@added::uuid[])
ON CONFLICT DO NOTHING;

-- name: ConversationUnreadSince :one
-- How many live messages of the customer came in after one of the conversation did, whatever the platform says of when they were written: of the
-- latest thousand. A message of another conversation is before all.
SELECT count(*) FROM (
    SELECT m.seq, m.direction, m.history FROM messages m
    WHERE m.conversation_id = @conversation_id
    ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC
    LIMIT 1000
) AS latest
WHERE latest.direction = 'in' AND NOT latest.history
  AND latest.seq > coalesce((SELECT CASE WHEN u.conversation_id = @conversation_id THEN u.seq END FROM messages u WHERE u.id = @up_to), 0);

-- name: ConversationWake :many
-- Opens conversations again that slept until now, and tells clients. Rows that another worker takes at the moment are skipped.
WITH due AS (
    SELECT c.id FROM conversations c
    WHERE c.status = 'snoozed' AND c.snoozed_until <= now() AND c.merged_into IS NULL
    ORDER BY c.snoozed_until
    LIMIT @max_rows
    FOR UPDATE SKIP LOCKED
), change AS (
    INSERT INTO feed (kind, conversation_id) SELECT 'conversation.updated', due.id FROM due
)
UPDATE conversations SET status = 'open', snoozed_until = NULL, updated_at = now()
FROM due WHERE conversations.id = due.id
RETURNING conversations.id;

-- name: ConversationParties :many
-- The names of agents who can look after conversations, and of labels, by id.
SELECT g.id, g.name, 'agent'::text AS kind FROM agents g WHERE g.id = ANY (@agents::uuid[]) AND (g.state = 'active' OR g.id = @former)
UNION ALL
SELECT l.id, l.name, 'label' FROM labels l WHERE l.id = ANY (@labels::uuid[]);
