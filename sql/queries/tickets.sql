-- name: TicketInsert :exec
-- Keeps what a ticket of an agent is known by, and for how long it is good.
INSERT INTO tickets (hash, agent_id, expires_at) VALUES (@hash, @agent_id::uuid, @expires_at);

-- name: TicketInsertVisitor :exec
-- TicketInsert for a visitor.
INSERT INTO tickets (hash, channel_account_id, thread, expires_at) VALUES (@hash, @channel_account_id::uuid, @thread::text, @expires_at);

-- name: TicketExpire :execrows
-- Deletes tickets that nobody used in time.
DELETE FROM tickets WHERE expires_at < now();
