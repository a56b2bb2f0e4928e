-- name: DeliveryMake :one
-- Tells subscribers of what this transaction has written into the feed. waiting are the subscriptions of which deliveries can go, changed the
-- conversations of which visitors may have to be told. The functions are entered only if there is anybody to tell: to find that out in there takes
-- several times as long.
SELECT (CASE WHEN EXISTS (SELECT s.id FROM subscriptions s) THEN tell_subscribers() ELSE '{}' END)::uuid[] AS waiting,
       (CASE WHEN EXISTS (SELECT c.id FROM connections c WHERE c.thread IS NOT NULL) THEN tell_visitors() ELSE '{}' END)::uuid[] AS changed;

-- name: DeliveryMakeOne :one
-- Makes a delivery of an event that is no change, for one subscription.
WITH event AS (
    INSERT INTO subscription_events (id, type, sequence, data) VALUES (@event_id, @type, 0, @data) RETURNING subscription_events.id
)
INSERT INTO deliveries (id, subscription_id, event_id, state) SELECT @id, @subscription_id, event.id, 'waiting' FROM event
RETURNING id;

-- name: DeliveryRelease :many
-- Lets deliveries of a subscription go that are due, as long as not too many are under way: of an endpoint that fails, fewer.
WITH subscription AS (
    SELECT s.id, CASE WHEN s.failing_since IS NULL THEN @most_under_way::integer ELSE @most_while_failing::integer END AS most
    FROM subscriptions s WHERE s.id = @subscription_id AND s.state = 'active'
), next AS (
    SELECT d.id FROM deliveries d
    WHERE d.subscription_id = (SELECT subscription.id FROM subscription) AND d.state = 'waiting' AND d.due_at <= @due_before
    ORDER BY d.due_at, d.seq
    LIMIT (SELECT greatest(0, subscription.most - (
        SELECT count(*) FROM deliveries u WHERE u.subscription_id = subscription.id AND u.state = 'under_way'
    )) FROM subscription)
)
UPDATE deliveries SET state = 'under_way', attempt = deliveries.attempt + 1, due_at = @overdue_at
FROM next, subscription_events e, subscriptions s
WHERE deliveries.id = next.id AND e.id = deliveries.event_id AND s.id = deliveries.subscription_id
RETURNING deliveries.id, deliveries.attempt, deliveries.event_id, deliveries.subscription_id, s.url, s.secret, s.old_secret, s.old_until,
    e.type, e.sequence, e.created_at, e.data;

-- name: DeliveryOpen :one
-- A delivery, locked.
SELECT id, state, attempt, failures, last_status, last_error FROM deliveries WHERE id = @id FOR UPDATE;

-- name: DeliveryAttemptInsert :exec
-- Keeps what came of an attempt.
INSERT INTO delivery_attempts (delivery_id, attempt, started_at, took_ms, status, error, response)
VALUES (@delivery_id, @attempt, @started_at, @took_ms, sqlc.narg('status'), sqlc.narg('error'), @response)
ON CONFLICT DO NOTHING;

-- name: DeliveryConclude :exec
-- Writes what becomes of a delivery after an attempt.
UPDATE deliveries SET state = @state, failures = @failures, due_at = @due_at, last_status = sqlc.narg('last_status'), last_error = sqlc.narg('last_error'),
    delivered_at = coalesce(sqlc.narg('delivered_at'), delivered_at)
WHERE id = @id;

-- name: DeliveryOverdue :many
-- Finds the subscriptions of which something is to be done and nobody does it. Attempts of which nothing was heard wait to be made again. Rows
-- that somebody works on at the moment are skipped.
WITH lost AS (
    SELECT d.id, s.state FROM subscriptions s JOIN deliveries d ON d.subscription_id = s.id
    WHERE d.state = 'under_way' AND d.due_at < now()
    FOR UPDATE OF d SKIP LOCKED
), again AS (
    UPDATE deliveries SET state = CASE lost.state WHEN 'active' THEN 'waiting' ELSE 'held' END, due_at = now()
    FROM lost WHERE deliveries.id = lost.id
    RETURNING deliveries.subscription_id
)
SELECT s.id, (SELECT count(*) FROM again WHERE again.subscription_id = s.id) AS lost
FROM subscriptions s
WHERE s.state = 'active' AND (
    EXISTS (SELECT FROM again WHERE again.subscription_id = s.id)
    OR (SELECT d.due_at FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'waiting' ORDER BY d.due_at LIMIT 1) < @due_before::timestamptz
       AND (SELECT count(*) FROM deliveries u WHERE u.subscription_id = s.id AND u.state = 'under_way')
           < CASE WHEN s.failing_since IS NULL THEN @most_under_way::integer ELSE @most_while_failing::integer END
);

-- name: DeliveryList :many
-- The deliveries of a subscription, latest first, behind a place in that order.
SELECT d.id, d.seq::bigint AS seq, d.event_id, d.state, d.attempt, d.failures, d.due_at, d.last_status, d.last_error, d.created_at, d.delivered_at, e.type
FROM deliveries d JOIN subscription_events e ON e.id = d.event_id
WHERE d.subscription_id = @subscription_id AND d.seq < @before_seq::bigint AND (cardinality(@states::text[]) = 0 OR d.state = ANY(@states::text[]))
ORDER BY d.seq DESC
LIMIT @max_rows;

-- name: DeliveryShow :one
-- A delivery with its event.
SELECT d.id, d.seq::bigint AS seq, d.subscription_id, d.event_id, d.state, d.attempt, d.failures, d.due_at, d.last_status, d.last_error, d.created_at, d.delivered_at,
       e.type, e.sequence, e.created_at AS happened_at, e.data
FROM deliveries d JOIN subscription_events e ON e.id = d.event_id
WHERE d.id = @id;

-- name: DeliveryAttempts :many
-- What came of the attempts at a delivery, the first one first.
SELECT attempt, started_at, took_ms, status, error, response FROM delivery_attempts WHERE delivery_id = @delivery_id ORDER BY attempt;

-- name: DeliveryAgain :many
-- Lets deliveries of a subscription start anew: the named ones, else those in some states that were made since a time.
UPDATE deliveries SET state = 'waiting', failures = 0, due_at = now()
WHERE subscription_id = @subscription_id AND state NOT IN ('waiting', 'under_way')
  AND CASE WHEN cardinality(@ids::uuid[]) > 0 THEN id = ANY(@ids::uuid[]) ELSE state = ANY(@states::text[]) AND created_at >= @since END
RETURNING id;

-- name: SubscriptionEventExpire :execrows
-- Deletes events that are past their retention, with their deliveries, at most so many. Those that are still to be delivered stay.
DELETE FROM subscription_events WHERE id IN (
    SELECT e.id FROM subscription_events e
    WHERE e.created_at < @older_than
      AND NOT EXISTS (SELECT FROM deliveries d WHERE d.event_id = e.id AND d.state IN ('waiting', 'under_way'))
    ORDER BY e.created_at
    LIMIT @max_rows
);
