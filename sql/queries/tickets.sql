-- name: TicketInsert :exec
-- Keeps what a ticket is known by, and for how long it is good.
INSERT INTO tickets (hash, agent_id, expires_at) VALUES (@hash, @agent_id, @expires_at);

-- name: TicketExpire :execrows
-- Deletes tickets that nobody used in time.
DELETE FROM tickets WHERE expires_at < now();
