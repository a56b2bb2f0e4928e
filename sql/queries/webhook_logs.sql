-- name: WebhookLogInsert :many
-- Stores one webhook whole, in one round trip: the log, new channel accounts, the events as rows of messages and message_events, and
-- one queue_logs row for each lane that has something to process. A repeated event changes nothing; if its row is still unprocessed
-- its lane is queued again. Arrays of events run in the order of the body; sequence numbers are drawn in that order.
-- job_ids holds at least as many ids as there are lanes. A webhook whose parts come one by one is logged with the part that has its body.
-- Returns the jobs, with how many rows of each lane are new.
WITH log AS (
    INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events, parse_error)
    SELECT @id::uuid, @channel::text, @credential_account::text, @request_id::text, @headers::json, @body::bytea, @events::integer,
           sqlc.narg('parse_error')::text
    WHERE @with_log::boolean
    ON CONFLICT (id) DO NOTHING
), accounts AS (
    INSERT INTO channel_accounts (id, channel, external_id, credential_account)
    SELECT unnest(@account_ids::uuid[]), @channel, unnest(@account_external_ids::text[]), @credential_account
    ON CONFLICT DO NOTHING
), body_events AS (
    SELECT unnest(@event_ids::uuid[]) AS id,
           unnest(@event_accounts::uuid[]) AS channel_account_id,
           unnest(@event_threads::text[]) AS thread,
           unnest(@event_lanes::text[]) AS lane,
           unnest(@event_kinds::text[]) AS kind,
           unnest(@event_keys::text[]) AS key,
           nullif(unnest(@event_times::timestamptz[]), '0001-01-01 00:00:00+00') AS occurred_at, -- Go's zero time: not known
           unnest(@event_histories::boolean[]) AS history,
           unnest(@event_raws::bytea[]) AS raw
), incoming AS MATERIALIZED (
    SELECT body_events.*, nextval('inbound_seq') AS seq FROM body_events
), new_messages AS (
    INSERT INTO messages (id, seq, channel_account_id, thread, lane, external_id, history, raw, webhook_log_id, occurred_at)
    SELECT i.id, i.seq, i.channel_account_id, i.thread, i.lane, i.key, i.history, i.raw, @id, i.occurred_at
    FROM incoming i WHERE i.kind = 'message'
    ON CONFLICT (channel_account_id, external_id) DO NOTHING
    RETURNING channel_account_id, lane, seq
), new_events AS (
    INSERT INTO message_events (id, seq, channel_account_id, thread, lane, kind, key, history, raw, webhook_log_id, occurred_at)
    SELECT i.id, i.seq, i.channel_account_id, i.thread, i.lane, i.kind, i.key, i.history, i.raw, @id, i.occurred_at
    FROM incoming i WHERE i.kind <> 'message'
    ON CONFLICT (channel_account_id, kind, key) DO NOTHING
    RETURNING channel_account_id, lane, seq
), unprocessed AS (
    SELECT channel_account_id, lane, seq, 1 AS is_new FROM new_messages
    UNION ALL
    SELECT channel_account_id, lane, seq, 1 FROM new_events
    UNION ALL
    -- OFFSET 0 keeps the state out of the look-up by key: through the index of stored rows it would cost as much as the backlog is long.
    SELECT known.channel_account_id, known.lane, known.seq, 0
    FROM incoming i CROSS JOIN LATERAL (
        SELECT m.channel_account_id, m.lane, m.seq, m.state FROM messages m
        WHERE m.channel_account_id = i.channel_account_id AND m.external_id = i.key
        OFFSET 0
    ) AS known
    WHERE i.kind = 'message' AND known.state = 'stored'
    UNION ALL
    SELECT known.channel_account_id, known.lane, known.seq, 0
    FROM incoming i CROSS JOIN LATERAL (
        SELECT e.channel_account_id, e.lane, e.seq, e.state FROM message_events e
        WHERE e.channel_account_id = i.channel_account_id AND e.kind = i.kind AND e.key = i.key
        OFFSET 0
    ) AS known
    WHERE i.kind <> 'message' AND known.state = 'stored'
), lanes AS (
    SELECT channel_account_id, lane, max(seq) AS up_to_seq, sum(is_new)::integer AS new_rows, row_number() OVER () AS number
    FROM unprocessed GROUP BY channel_account_id, lane
), jobs AS (
    INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq)
    SELECT (@job_ids::uuid[])[number], CASE WHEN lane LIKE 'bulk/%' THEN 'bulk' ELSE 'live' END, channel_account_id, lane, up_to_seq
    FROM lanes
    RETURNING id, queue, channel_account_id, lane, up_to_seq, attempt
)
SELECT jobs.*, lanes.new_rows FROM jobs JOIN lanes USING (channel_account_id, lane);

-- name: WebhookLogInsertMessage :one
-- WebhookLogInsert of a webhook that has one message and nothing else, as most have: its work without that of counting and sorting.
-- No row: it is known already, or its channel account is not, and nothing is written.
WITH event AS (
    INSERT INTO messages (id, seq, channel_account_id, thread, lane, external_id, history, raw, webhook_log_id, occurred_at)
    SELECT @event_id, nextval('inbound_seq'), a.id, @thread, @lane, @key, @history, @raw, @id, sqlc.narg('occurred_at')::timestamptz
    FROM channel_accounts a WHERE a.id = @channel_account_id
    ON CONFLICT (channel_account_id, external_id) DO NOTHING
    RETURNING seq
), log AS (
    INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events)
    SELECT @id, @channel, @credential_account, @request_id, @headers, @body, 1 FROM event
), job AS (
    INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq)
    SELECT @job_id, @queue, @channel_account_id, @lane, event.seq FROM event
)
SELECT event.seq FROM event;

-- name: WebhookLogInsertEvent :one
-- WebhookLogInsertMessage for any other event.
-- No row: it is known already, or its channel account is not, and nothing is written.
WITH event AS (
    INSERT INTO message_events (id, seq, channel_account_id, thread, lane, kind, key, history, raw, webhook_log_id, occurred_at)
    SELECT @event_id, nextval('inbound_seq'), a.id, @thread, @lane, @kind, @key, @history, @raw, @id, sqlc.narg('occurred_at')::timestamptz
    FROM channel_accounts a WHERE a.id = @channel_account_id
    ON CONFLICT (channel_account_id, kind, key) DO NOTHING
    RETURNING seq
), log AS (
    INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events)
    SELECT @id, @channel, @credential_account, @request_id, @headers, @body, 1 FROM event
), job AS (
    INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq)
    SELECT @job_id, @queue, @channel_account_id, @lane, event.seq FROM event
)
SELECT event.seq FROM event;

-- name: WebhookLogPartitions :exec
-- Makes the monthly partitions of the logs, as many months ahead as given.
SELECT ensure_partitions(@months_ahead);
