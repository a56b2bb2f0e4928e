-- name: LogDropPartitions :one
-- Drops the partitions of a log that are older than a moment as a whole, but for those with open rows, and says what became of each.
SELECT json_agg(to_json(done))::json FROM drop_partitions(@log::text, @older_than::timestamptz) AS done;

-- name: LogDeleteStrays :one
-- Deletes old rows that have no partition of their month, at most so many, and says how many.
SELECT delete_strays(@log::text, @older_than::timestamptz, @max_rows::integer)::integer;
