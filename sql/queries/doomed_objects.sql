-- name: DoomedObjectTake :many
-- Objects that are to be deleted now.
SELECT key FROM doomed_objects WHERE due_at <= now() ORDER BY due_at LIMIT @max_rows;

-- name: DoomedObjectDeleted :exec
-- Notes that objects are deleted. They are once more, when nothing can be fetching them any more.
WITH again AS (
    DELETE FROM doomed_objects WHERE key = ANY (@keys::text[]) AND deleted_at IS NOT NULL AND deleted_at < now() - interval '34 days'
)
UPDATE doomed_objects SET due_at = now() + interval '35 days', deleted_at = coalesce(deleted_at, now())
WHERE key = ANY (@keys::text[]) AND (deleted_at IS NULL OR deleted_at >= now() - interval '34 days');

-- name: DoomedObjectReturned :exec
-- Notes that an object that was deleted is there again.
UPDATE doomed_objects SET due_at = now() WHERE key = @key;
