-- name: MessageStatusInsert :exec
-- Keeps one receipt as it came. A second time means that it is read differently now: that replaces the first reading.
INSERT INTO message_statuses (id, channel_account_id, external_id, status, recipient, error_code, error_title, occurred_at)
VALUES (@id, @channel_account_id, @external_id, @status, sqlc.narg('recipient'), sqlc.narg('error_code'), sqlc.narg('error_title'),
    sqlc.narg('occurred_at'))
ON CONFLICT (id) DO UPDATE SET
    external_id = excluded.external_id, status = excluded.status, recipient = excluded.recipient, error_code = excluded.error_code,
    error_title = excluded.error_title, occurred_at = excluded.occurred_at;
