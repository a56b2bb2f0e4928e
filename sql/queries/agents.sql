-- name: AgentSee :one
-- Notes that somebody is here, by the name and in the role that the identity provider gives them now. Who is new or called otherwise is told to the
-- dashboards.
WITH before AS (
    SELECT agents.name, agents.email, agents.role FROM agents WHERE agents.subject = @subject
), seen AS (
    INSERT INTO agents (id, subject, name, email, role) VALUES (@id, @subject, @name, sqlc.narg('email'), @role)
    ON CONFLICT (subject) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role, last_seen_at = now()
    RETURNING *
), change AS (
    INSERT INTO feed (kind)
    SELECT 'agents.updated' FROM seen
    WHERE NOT EXISTS (SELECT FROM before WHERE (before.name, before.email, before.role) IS NOT DISTINCT FROM (seen.name, seen.email, seen.role))
    RETURNING feed.seq
)
SELECT seen.id, seen.subject, seen.name, seen.email, seen.role, seen.state, seen.available, seen.preferences, seen.last_seen_at,
       EXISTS (SELECT FROM change) AS told
FROM seen;

-- name: AgentList :many
-- Every agent, or one, with how many open conversations are theirs.
SELECT sqlc.embed(a), (
    SELECT count(*) FROM conversations c
    WHERE c.assignee_id = a.id AND c.status = 'open' AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL
) AS open
FROM agents a
WHERE sqlc.narg('id')::uuid IS NULL OR a.id = sqlc.narg('id')::uuid
ORDER BY lower(a.name), a.id;

-- name: AgentLock :one
-- An agent as they are, until the end of the transaction.
SELECT * FROM agents WHERE id = @id FOR NO KEY UPDATE;

-- name: AgentUpdate :exec
-- Changes an agent. What is null stays.
UPDATE agents SET
    state = coalesce(sqlc.narg('state'), state), available = coalesce(sqlc.narg('available'), available),
    preferences = coalesce(sqlc.narg('preferences'), preferences)
WHERE id = @id;
