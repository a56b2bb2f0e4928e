-- name: LabelList :many
-- Every label, by name, with how many conversations have it: at most 1,000 are counted.
SELECT sqlc.embed(l), (
    SELECT count(*) FROM (SELECT FROM conversation_labels cl WHERE cl.label_id = l.id LIMIT 1000) AS counted
) AS conversations
FROM labels l
WHERE sqlc.narg('id')::uuid IS NULL OR l.id = sqlc.narg('id')::uuid
ORDER BY lower(l.name), l.id;

-- name: LabelLock :one
-- A label as it is, until the end of the transaction.
SELECT * FROM labels WHERE id = @id FOR UPDATE;

-- name: LabelInsert :exec
-- Makes a label.
INSERT INTO labels (id, name, color) VALUES (@id, @name, @color);

-- name: LabelUpdate :exec
-- Changes a label. What is null stays.
UPDATE labels SET name = coalesce(sqlc.narg('name'), name), color = coalesce(sqlc.narg('color'), color) WHERE id = @id;

-- name: LabelDelete :exec
-- Forgets a label, and takes it off every conversation.
DELETE FROM labels WHERE id = @id;
