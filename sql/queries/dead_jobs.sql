-- name: DeadJobInsert :exec
-- Keeps a job that cannot be sent on.
INSERT INTO dead_jobs (id, queue, body, reason, receive_count) VALUES (@id, @queue, @body, @reason, @receive_count);
