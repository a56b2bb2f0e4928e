-- name: AuditLogInsert :exec
-- Notes who did something.
INSERT INTO audit_log (id, agent_id, action, object, conversation_id, detail, request_id)
VALUES (@id, sqlc.narg('agent_id'), @action, @object, sqlc.narg('conversation_id'), @detail, @request_id);

-- name: AuditLogFind :many
-- What was done, the latest first, behind a place in that order. What is empty filters nothing.
SELECT l.id, l.at, l.agent_id, a.name AS agent_name, l.action, l.object, l.conversation_id, l.detail, l.request_id
FROM audit_log l
LEFT JOIN agents a ON a.id = l.agent_id
WHERE (l.at, l.id) < (@before_at::timestamptz, @before_id::uuid)
  AND (sqlc.narg('agent_id')::uuid IS NULL OR l.agent_id = sqlc.narg('agent_id')::uuid)
  AND (sqlc.narg('conversation_id')::uuid IS NULL OR l.conversation_id = sqlc.narg('conversation_id')::uuid)
  AND (@action::text = '' OR l.action = @action::text OR split_part(l.action, '.', 1) || '.*' = @action::text)
ORDER BY l.at DESC, l.id DESC
LIMIT @max_rows;
