-- name: DoomedObjectTake :many
-- Objects that are to be deleted now, but for those that a file has.
SELECT key FROM objects_to_delete ORDER BY due_at LIMIT @max_rows;

-- name: DoomedObjectDeleted :exec
-- Notes that objects are deleted. They are once more, when nothing can be fetching them any more.
WITH again AS (
    DELETE FROM doomed_objects WHERE key = ANY (@keys::text[]) AND deleted_at IS NOT NULL AND deleted_at < now() - interval '34 days'
)
UPDATE doomed_objects SET due_at = now() + interval '35 days', deleted_at = coalesce(deleted_at, now())
WHERE key = ANY (@keys::text[]) AND (deleted_at IS NULL OR deleted_at >= now() - interval '34 days');

-- name: DoomedObjectAdd :exec
-- Notes that an object is to be deleted, also if it was before: it is there again.
INSERT INTO doomed_objects (key) VALUES (@key) ON CONFLICT (key) DO UPDATE SET due_at = now(), deleted_at = NULL;
