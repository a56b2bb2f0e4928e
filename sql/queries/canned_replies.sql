-- name: CannedReplyList :many
-- The canned replies that an agent can use: everybody's and their own.
SELECT * FROM canned_replies WHERE owner_id IS NULL OR owner_id = @agent_id ORDER BY lower(shortcut), owner_id NULLS LAST, id;

-- name: CannedReplyLock :one
-- A canned reply that an agent can use, as it is, until the end of the transaction.
SELECT * FROM canned_replies WHERE id = @id AND (owner_id IS NULL OR owner_id = @agent_id) FOR UPDATE;

-- name: CannedReplyInsert :one
-- Makes a canned reply.
INSERT INTO canned_replies (id, shortcut, title, text, channels, owner_id)
VALUES (@id, @shortcut, @title, @text, @channels, sqlc.narg('owner_id'))
RETURNING *;

-- name: CannedReplyUpdate :one
-- Writes a canned reply anew.
UPDATE canned_replies SET
    shortcut = @shortcut, title = @title, text = @text, channels = @channels, owner_id = sqlc.narg('owner_id'), updated_at = now()
WHERE id = @id
RETURNING *;

-- name: CannedReplyDelete :exec
-- Forgets a canned reply.
DELETE FROM canned_replies WHERE id = @id;

-- name: CannedReplyUsed :execrows
-- Counts that an agent has used a canned reply.
UPDATE canned_replies SET uses = uses + 1 WHERE id = @id AND (owner_id IS NULL OR owner_id = @agent_id);
