-- name: MessageStatusInsert :exec
-- Keeps one receipt as it came.
INSERT INTO message_statuses (id, channel_account_id, external_id, status, recipient, error_code, error_title, occurred_at)
VALUES (@id, @channel_account_id, @external_id, @status, sqlc.narg('recipient'), sqlc.narg('error_code'), sqlc.narg('error_title'),
    sqlc.narg('occurred_at'))
ON CONFLICT (id) DO NOTHING;
