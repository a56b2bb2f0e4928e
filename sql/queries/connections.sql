-- name: ConnectionOpen :execrows
-- Uses up a ticket, and opens a connection with it if it is still good and is a visitor's or of an agent who may work here. No row: there is none.
WITH ticket AS (
    DELETE FROM tickets WHERE hash = @hash RETURNING agent_id, channel_account_id, thread, expires_at
)
INSERT INTO connections (id, agent_id, channel_account_id, thread)
SELECT @id, ticket.agent_id, ticket.channel_account_id, ticket.thread FROM ticket LEFT JOIN agents a ON a.id = ticket.agent_id
WHERE ticket.expires_at > now() AND (ticket.agent_id IS NULL OR a.state = 'active');

-- name: ConnectionClose :exec
-- Deletes connections that are closed. Some may be deleted already.
DELETE FROM connections WHERE id = ANY (@ids::text[]);

-- name: ConnectionList :many
-- The connections that may be open: of agents who may work here and of visitors, with the conversation that is theirs by now, and not older than the
-- gateway lets one become.
SELECT c.id, c.agent_id, t.conversation_id
FROM connections c
LEFT JOIN agents a ON a.id = c.agent_id
LEFT JOIN conversation_threads t ON t.channel_account_id = c.channel_account_id AND t.thread = c.thread
WHERE (c.agent_id IS NULL OR a.state = 'active') AND c.connected_at > @opened_after;

-- name: ConnectionExpire :execrows
-- Deletes connections that the gateway has closed because of their age, and of which nobody told us.
DELETE FROM connections WHERE connected_at <= @opened_until;

-- name: ConnectionStaffed :one
-- Whether an agent who takes conversations has the dashboard open.
SELECT EXISTS (
    SELECT FROM connections c JOIN agents a ON a.id = c.agent_id
    WHERE a.state = 'active' AND a.available AND c.connected_at > @opened_after
);
