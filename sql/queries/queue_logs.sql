-- name: QueueLogClose :exec
-- Closes a job in the transaction that fulfils it; closing it again changes nothing. It is a statement of its own because the table is
-- partitioned: PostgreSQL plans such a statement anew for each job, and with it whatever else it did.
UPDATE queue_logs SET closed_at = coalesce(closed_at, now()) WHERE id = @id;

-- name: QueueLogOverdue :many
-- Takes jobs that nobody fulfilled in time, to be queued again; they are due again after twice as long, an hour at the most. Rows that
-- another worker takes at the moment are skipped.
UPDATE queue_logs SET attempt = attempt + 1, due_at = now() + least(interval '1 hour', interval '2 minutes' * 2 ^ least(attempt, 10))
WHERE id IN (
    SELECT q.id FROM queue_logs q
    WHERE q.closed_at IS NULL AND q.due_at < now()
    ORDER BY q.due_at
    LIMIT @max_rows
    FOR UPDATE SKIP LOCKED
)
RETURNING id, queue, channel_account_id, lane, up_to_seq, attempt, created_at;

-- name: QueueLogReopen :one
-- Raises the attempt of a job that died in its queue, if it is still open, so that it can be queued again.
UPDATE queue_logs SET attempt = attempt + 1, due_at = now() + least(interval '1 hour', interval '2 minutes' * 2 ^ least(attempt, 10))
WHERE id = @id AND closed_at IS NULL
RETURNING id, queue, channel_account_id, lane, up_to_seq, attempt;
