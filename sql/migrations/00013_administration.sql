-- What administrators do in the dashboard that was a matter of the command line: dead letters and subscriptions.

-- +goose Up

-- The messages of the last day are found by it, to say how many were not delivered and why.
CREATE INDEX sends_created ON sends (created_at);

-- Dead letters: to show them, and to send them on their way again.
GRANT SELECT ON dead_letters, dead_jobs TO omni_api;
GRANT SELECT (id, request_id, received_at, body) ON webhook_logs TO omni_api;
GRANT UPDATE (state, reason, processed_at, redriven_at) ON messages, message_events TO omni_api;
GRANT UPDATE (redriven_at) ON dead_jobs TO omni_api;
GRANT SELECT, INSERT ON queue_logs TO omni_api;

-- Subscriptions: everything but to deliver.
GRANT SELECT, INSERT, UPDATE, DELETE ON subscriptions TO omni_api;
GRANT SELECT, INSERT ON subscription_events TO omni_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO omni_api;
GRANT SELECT ON delivery_attempts TO omni_api;

-- +goose Down
REVOKE ALL ON dead_letters, dead_jobs, webhook_logs, queue_logs, subscriptions, subscription_events, deliveries, delivery_attempts FROM omni_api;
REVOKE UPDATE (state, reason, processed_at, redriven_at) ON messages, message_events FROM omni_api;
DROP INDEX sends_created;
