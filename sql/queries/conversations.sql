-- name: ConversationFind :many
-- The conversations known by any of the given threads, oldest first, locked until the transaction ends; a row for each of the threads
-- that is known.
SELECT t.thread AS known_as, sqlc.embed(c)
FROM conversation_threads t JOIN conversations c ON c.id = t.conversation_id
WHERE t.channel_account_id = @channel_account_id AND t.thread = ANY(@threads::text[])
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
    delivered_until = sqlc.narg('delivered_until'), read_until = sqlc.narg('read_until'), updated_at = now()
WHERE id = @id;

-- name: ConversationMerge :exec
-- Records that a conversation is another.
UPDATE conversations SET merged_into = @winner, updated_at = now() WHERE id = @loser;

-- name: ConversationAuthorMove :exec
-- Hands the conversations of one contact to another.
UPDATE conversations SET contact_id = @winner WHERE contact_id = @loser;
