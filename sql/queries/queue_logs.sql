-- name: QueueLogClose :exec
-- Closes a job in the transaction that fulfils it; closing it again changes nothing.
UPDATE queue_logs SET closed_at = now() WHERE id = @id AND closed_at IS NULL;
