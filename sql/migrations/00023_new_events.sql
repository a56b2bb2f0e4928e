-- A webhook with one event is stored by a statement that does nothing unless its channel account is known.

-- +goose Up
GRANT SELECT (id) ON channel_accounts TO omni_webhook;

-- +goose Down
REVOKE SELECT (id) ON channel_accounts FROM omni_webhook;
