-- The logs: what came in, and what was put on a queue. Both are partitioned by month through the time in their UUIDv7 id, so that the
-- primary key is the id alone and retention drops whole partitions. No foreign key points into them.

-- +goose Up

CREATE TABLE webhook_logs (
    id                 uuid PRIMARY KEY,
    channel            text        NOT NULL,
    credential_account text        NOT NULL,
    request_id         text        NOT NULL,   -- API Gateway's, as in the function's log lines
    headers            json        NOT NULL,   -- without those that carry secrets
    body               bytea       NOT NULL,   -- the bytes that were signed
    events             integer     NOT NULL,   -- how many Parse found
    parse_error        text,                   -- why Parse could not read the body; null: it could
    received_at        timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (id);
CREATE TABLE webhook_logs_default PARTITION OF webhook_logs DEFAULT;
CREATE INDEX webhook_logs_parse_error ON webhook_logs (id) WHERE parse_error IS NOT NULL;

-- A row is written with the transaction that creates the need for a job and closed by the transaction that fulfils it. What stays open
-- is overdue and is queued again.
CREATE TABLE queue_logs (
    id                 uuid PRIMARY KEY,       -- the job's id
    queue              text        NOT NULL,
    channel_account_id uuid        NOT NULL,
    lane               text        NOT NULL,
    up_to_seq          bigint      NOT NULL,   -- the job covers the lane's rows up to this one
    attempt            integer     NOT NULL DEFAULT 1, -- raised by every deliberate re-queue; part of the deduplication id
    created_at         timestamptz NOT NULL DEFAULT now(),
    due_at             timestamptz NOT NULL DEFAULT now() + interval '2 minutes', -- still open then, it is overdue
    closed_at          timestamptz
) PARTITION BY RANGE (id);
CREATE TABLE queue_logs_default PARTITION OF queue_logs DEFAULT;
CREATE INDEX queue_logs_open ON queue_logs (due_at) WHERE closed_at IS NULL;

-- Jobs that came to rest in a dead letter queue and could not be sent on: nothing else knows of them.
CREATE TABLE dead_jobs (
    id            uuid PRIMARY KEY,
    queue         text        NOT NULL,
    body          text        NOT NULL,        -- of the queue message, byte for byte
    reason        text        NOT NULL,
    receive_count integer     NOT NULL,        -- how often it was tried before it died
    died_at       timestamptz NOT NULL DEFAULT now(),
    redriven_at   timestamptz
);
CREATE INDEX dead_jobs_waiting ON dead_jobs (died_at) WHERE redriven_at IS NULL;

-- The smallest UUIDv7 of a moment.
-- +goose StatementBegin
CREATE FUNCTION uuid_floor(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;
-- +goose StatementEnd

-- Makes the monthly partitions (UTC) of both logs from this month on, as many months ahead as asked for; existing ones stay.
-- +goose StatementBegin
CREATE FUNCTION ensure_partitions(months_ahead integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    month  timestamp;
    name   text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['webhook_logs', 'queue_logs'] LOOP
        FOR i IN 0..months_ahead LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i);
            name := parent || to_char(month, '_YYYY_MM');
            IF to_regclass(name) IS NULL THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent,
                    uuid_floor(month AT TIME ZONE 'UTC'), uuid_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
            END IF;
        END LOOP;
    END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION ensure_partitions;
DROP FUNCTION uuid_floor;
DROP TABLE dead_jobs, queue_logs, webhook_logs;
