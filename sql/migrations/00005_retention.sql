-- Retention: the logs are kept for a time, then whole partitions of them are dropped.

-- +goose Up

-- Drops the partitions of a log (webhook_logs or queue_logs) all of whose rows are older than a moment, and says what became of each:
-- dropped; open, with how many rows nobody is done with yet; busy, when its locks were not to be had at once, which ends the call.
-- Rows are open if their job is not closed or a message or event of their webhook is stored or dead: bytes and origin are still needed then.
-- Nothing opens a row again once none is, so counting before locking is enough. The DEFAULT partition has no bounds and stays.
-- Dropping locks the whole log for a moment and, while it waits for that lock, holds up everybody behind it: hence the short timeout, and one
-- log a call, so that nobody waits for one while he holds the other.
-- +goose StatementBegin
CREATE FUNCTION drop_partitions(log text, older_than timestamptz)
RETURNS TABLE (partition text, outcome text, rows bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
    part record;
BEGIN
    IF log NOT IN ('webhook_logs', 'queue_logs') THEN
        RAISE EXCEPTION 'there is no log %', log;
    END IF;
    FOR part IN
        SELECT name, bounds[1] AS first, bounds[2] AS next
        FROM (
            SELECT c.oid::regclass::text AS name,
                   regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''(.*)''\) TO \(''(.*)''\)')::uuid[] AS bounds
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = log::regclass
        ) AS partitions
        WHERE bounds[2] <= uuid_floor(older_than)
        ORDER BY next
    LOOP
        partition := part.name;
        IF log = 'queue_logs' THEN
            SELECT count(*) INTO rows FROM queue_logs q WHERE q.closed_at IS NULL AND q.id >= part.first AND q.id < part.next;
        ELSE -- one look for each state: each has a small index
            SELECT (SELECT count(*) FROM messages m WHERE m.state = 'stored' AND m.webhook_log_id >= part.first AND m.webhook_log_id < part.next)
                 + (SELECT count(*) FROM messages m WHERE m.state = 'dead' AND m.webhook_log_id >= part.first AND m.webhook_log_id < part.next)
                 + (SELECT count(*) FROM message_events e WHERE e.state = 'stored' AND e.webhook_log_id >= part.first AND e.webhook_log_id < part.next)
                 + (SELECT count(*) FROM message_events e WHERE e.state = 'dead' AND e.webhook_log_id >= part.first AND e.webhook_log_id < part.next)
            INTO rows;
        END IF;
        outcome := 'open';
        IF rows = 0 THEN
            BEGIN
                EXECUTE format('DROP TABLE IF EXISTS %s', part.name); -- another sweeper may have been first
                outcome := 'dropped';
            EXCEPTION WHEN lock_not_available THEN
                outcome := 'busy';
            END;
        END IF;
        RETURN NEXT;
        EXIT WHEN outcome = 'busy';
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Deletes rows from a log's DEFAULT partition that were stored before a moment and are not open, at most so many; returns how many. Such are
-- those whose id's time has no partition: a webhook that was redriven after its month was dropped, or came with a clock that was far off.
-- +goose StatementBegin
CREATE FUNCTION delete_strays(log text, older_than timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted integer;
BEGIN
    IF log = 'queue_logs' THEN
        DELETE FROM queue_logs_default WHERE id IN (
            SELECT q.id FROM queue_logs_default q WHERE q.created_at < older_than AND q.closed_at IS NOT NULL LIMIT most
        );
    ELSIF log = 'webhook_logs' THEN
        DELETE FROM webhook_logs_default WHERE id IN (
            SELECT w.id FROM webhook_logs_default w
            WHERE w.received_at < older_than
              AND NOT EXISTS (SELECT FROM messages m WHERE m.webhook_log_id = w.id AND m.state <> 'processed')
              AND NOT EXISTS (SELECT FROM message_events e WHERE e.webhook_log_id = w.id AND e.state <> 'processed')
            LIMIT most
        );
    ELSE
        RAISE EXCEPTION 'there is no log %', log;
    END IF;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;
-- +goose StatementEnd

-- Dropping takes the owner, and reading the DEFAULT partition a right on that itself: the sweeper has both through these functions alone.
REVOKE EXECUTE ON FUNCTION drop_partitions(text, timestamptz), delete_strays(text, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_partitions(text, timestamptz), delete_strays(text, timestamptz, integer) TO omni_sweeper;

-- +goose Down
DROP FUNCTION delete_strays;
DROP FUNCTION drop_partitions;
