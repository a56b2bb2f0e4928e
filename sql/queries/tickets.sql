-- name: TicketInsert :exec
-- Keeps what a ticket of an agent or a visitor is known by, and for how long it is good.
INSERT INTO tickets (hash, agent_id, channel_account_id, thread, expires_at)
VALUES (@hash, sqlc.narg('agent_id'), sqlc.narg('channel_account_id'), sqlc.narg('thread'), @expires_at);

-- name: TicketExpire :execrows
-- Deletes tickets that nobody used in time.
DELETE FROM tickets WHERE expires_at < now();
