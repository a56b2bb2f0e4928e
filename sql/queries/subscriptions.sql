-- name: SubscriptionLock :one
-- Takes the lock under which the deliveries of a subscription are let go and their outcomes recorded.
SELECT * FROM subscriptions WHERE id = @id FOR NO KEY UPDATE;

-- name: SubscriptionInsert :one
-- Makes a subscription.
INSERT INTO subscriptions (id, url, description, types, channels, secret) VALUES (@id, @url, @description, @types, @channels, @secret)
RETURNING *;

-- name: SubscriptionList :many
-- Every subscription, with how many of its deliveries are open and kept.
SELECT sqlc.embed(s), counted.open, counted.held
FROM subscriptions s
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'waiting')
         + (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'under_way') AS open,
           (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'held') AS held
) AS counted
WHERE sqlc.narg('id')::uuid IS NULL OR s.id = sqlc.narg('id')::uuid
ORDER BY s.created_at, s.id;

-- name: SubscriptionUpdate :one
-- Changes what a subscription wants, and where.
UPDATE subscriptions SET url = @url, description = @description, types = @types, channels = @channels WHERE id = @id
RETURNING *;

-- name: SubscriptionRotate :one
-- Gives a subscription another secret. The one before signs besides until a time.
UPDATE subscriptions SET old_secret = secret, old_until = @old_until, secret = @secret WHERE id = @id
RETURNING *;

-- name: SubscriptionEnable :one
-- Lets a subscription be delivered to again. What is enabled already stays as it is.
UPDATE subscriptions SET
    state = 'active', state_reason = NULL, state_since = CASE WHEN state = 'active' THEN state_since ELSE now() END,
    failing_since = CASE WHEN state = 'active' THEN failing_since END
WHERE id = @id
RETURNING id;

-- name: SubscriptionDisable :one
-- Ends deliveries to a subscription, and tells clients. What is open is kept. No row: it was disabled before.
WITH subscription AS (
    UPDATE subscriptions SET state = 'disabled', state_reason = @reason, state_since = now() WHERE subscriptions.id = @id AND subscriptions.state = 'active'
    RETURNING *
), kept AS (
    UPDATE deliveries SET state = 'held' FROM subscription WHERE deliveries.subscription_id = subscription.id AND deliveries.state = 'waiting'
), change AS (
    INSERT INTO feed (kind, event_id) SELECT 'subscription.disabled', subscription.id FROM subscription
)
SELECT id FROM subscription;

-- name: SubscriptionSucceeded :exec
-- Notes that an endpoint takes deliveries.
UPDATE subscriptions SET failing_since = NULL WHERE id = @id AND failing_since IS NOT NULL;

-- name: SubscriptionFailed :exec
-- Notes that an endpoint does not take deliveries.
UPDATE subscriptions SET failing_since = @at WHERE id = @id AND failing_since IS NULL;

-- name: SubscriptionDelete :execrows
-- Forgets a subscription and everything that was to be delivered to it. Events that nobody else is told of go with their retention.
WITH gone AS (
    DELETE FROM deliveries WHERE deliveries.subscription_id = @id
)
DELETE FROM subscriptions WHERE subscriptions.id = @id;
