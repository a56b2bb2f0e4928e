-- name: ConnectionOpen :execrows
-- Uses up a ticket, and opens a connection with it if it is still good and its agent may work here. No row: there is none.
WITH ticket AS (
    DELETE FROM tickets WHERE hash = @hash RETURNING agent_id, expires_at
)
INSERT INTO connections (id, agent_id)
SELECT @id, a.id FROM ticket JOIN agents a ON a.id = ticket.agent_id
WHERE ticket.expires_at > now() AND a.state = 'active';

-- name: ConnectionClose :exec
-- Deletes connections that are closed. Some may be deleted already.
DELETE FROM connections WHERE id = ANY (@ids::text[]);

-- name: ConnectionList :many
-- The connections that may be open: of agents who may work here, and not older than the gateway lets one become.
SELECT c.id, c.agent_id
FROM connections c JOIN agents a ON a.id = c.agent_id
WHERE a.state = 'active' AND c.connected_at > @opened_after;

-- name: ConnectionExpire :execrows
-- Deletes connections that the gateway has closed because of their age, and of which nobody told us.
DELETE FROM connections WHERE connected_at <= @opened_until;
