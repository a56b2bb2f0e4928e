-- name: LogDropPartitions :one
-- Drops the partitions of a log that are older than a moment as a whole, but for those with open rows, and says what became of each.
SELECT json_agg(to_json(done))::json FROM drop_partitions(@log::text, @older_than::timestamptz) AS done;

-- name: LogDeleteStrays :one
-- Deletes old rows that have no partition of their month, at most so many, and says how many.
SELECT delete_strays(@log::text, @older_than::timestamptz, @max_rows::integer)::integer;

-- name: RetentionAccounts :many
-- The channel accounts of a channel.
SELECT id FROM channel_accounts WHERE channel = @channel;

-- name: RetentionPlace :one
-- How far the sweeper has come through something of a channel.
SELECT place FROM retention_progress WHERE kind = @kind AND channel = @channel;

-- name: RetentionMove :exec
-- Notes how far the sweeper has come.
INSERT INTO retention_progress (kind, channel, place) VALUES (@kind, @channel, @place)
ON CONFLICT (kind, channel) DO UPDATE SET place = excluded.place;

-- name: RetentionMessages :one
-- Removes old messages of some accounts among the ones behind a place.
SELECT expire_messages(@accounts::uuid[], @older_than::timestamptz, @place::uuid, @most::integer)::json;

-- name: RetentionMessageEvents :one
-- Removes old events of some accounts among the ones behind a place.
SELECT expire_message_events(@accounts::uuid[], @older_than::timestamptz, @place::uuid, @most::integer)::json;

-- name: RetentionFiles :one
-- Gives up old files of some accounts among the ones behind a place.
SELECT expire_files(@accounts::uuid[], @older_than::timestamptz, @place::uuid, @most::integer)::json;

-- name: RetentionWebhooks :one
-- Removes old raw webhooks of some channels among the ones behind a place.
SELECT expire_webhooks(@channels::text[], @older_than::timestamptz, @place::uuid, @most::integer)::json;

-- name: RetentionTold :one
-- Removes what subscribers were told of some channels among the events behind a place.
SELECT expire_told(@channels::text[], @older_than::timestamptz, @place::text, @most::integer)::json;

-- name: RetentionDead :one
-- Removes old dead letters of some accounts, at most so many, and says how many.
SELECT expire_dead(@accounts::uuid[], @older_than::timestamptz, @most::integer)::integer;

-- name: RetentionDeadJobs :execrows
-- Removes old dead jobs.
DELETE FROM dead_jobs WHERE died_at < @older_than;
