-- name: NoteView :many
-- Notes as they are shown, by id.
SELECT n.id, n.conversation_id, n.agent_id, g.name AS agent_name, n.text, n.mentions, n.created_at, n.edited_at, n.deleted_at
FROM notes n JOIN agents g ON g.id = n.agent_id
WHERE n.id = ANY (@ids::uuid[]);

-- name: NoteInsert :exec
-- Writes a note, and tells clients. Who is mentioned and is no agent is left out.
WITH change AS (
    INSERT INTO feed (kind, conversation_id, event_id) VALUES ('note.created', @conversation_id, @id)
)
INSERT INTO notes (id, conversation_id, agent_id, text, mentions)
SELECT @id, @conversation_id, @agent_id, @text, coalesce((
    SELECT array_agg(g.id ORDER BY g.id) FROM agents g WHERE g.id = ANY (@mentions::uuid[])
), '{}');

-- name: NoteLock :one
-- A note as it is until the transaction ends.
SELECT * FROM notes WHERE id = @id FOR UPDATE;

-- name: NoteEdit :exec
-- Changes what a note says, and tells clients.
WITH note AS (
    UPDATE notes SET text = @text, edited_at = now() WHERE notes.id = @id RETURNING notes.id, notes.conversation_id
)
INSERT INTO feed (kind, conversation_id, event_id) SELECT 'note.updated', note.conversation_id, note.id FROM note;

-- name: NoteDelete :exec
-- Takes a note back, and tells clients. Its place stays.
WITH note AS (
    UPDATE notes SET text = '', mentions = '{}', deleted_at = now() WHERE notes.id = @id RETURNING notes.id, notes.conversation_id
)
INSERT INTO feed (kind, conversation_id, event_id) SELECT 'note.updated', note.conversation_id, note.id FROM note;
