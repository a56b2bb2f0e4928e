-- name: DeadLetterFind :many
-- What waits for an operator, what died last first, behind a place in that order: dead_letters, each part of it along its index. Empty texts filter nothing.
SELECT letters.id, letters.seq, letters.kind, letters.channel, letters.reason, letters.died_at, letters.redriven_at
FROM (
    (
        SELECT m.id, m.seq, 'message'::text AS kind, a.channel, m.reason, m.processed_at AS died_at, m.redriven_at
        FROM messages m JOIN channel_accounts a ON a.id = m.channel_account_id
        WHERE m.state = 'dead' AND (@channel::text = '' OR a.channel = @channel) AND @kind::text IN ('', 'message')
          AND m.processed_at >= @since::timestamptz AND (m.processed_at, m.id) < (@before_at::timestamptz, @before_id::uuid)
          AND (@reason::text = '' OR strpos(lower(m.reason), lower(@reason)) > 0)
        ORDER BY m.processed_at DESC, m.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT e.id, e.seq, e.kind, a.channel, e.reason, e.processed_at, e.redriven_at
        FROM message_events e JOIN channel_accounts a ON a.id = e.channel_account_id
        WHERE e.state = 'dead' AND (@channel::text = '' OR a.channel = @channel) AND (@kind::text = '' OR e.kind = @kind)
          AND e.processed_at >= @since::timestamptz AND (e.processed_at, e.id) < (@before_at::timestamptz, @before_id::uuid)
          AND (@reason::text = '' OR strpos(lower(e.reason), lower(@reason)) > 0)
        ORDER BY e.processed_at DESC, e.id DESC
        LIMIT @max_rows
    ) UNION ALL (
        SELECT j.id, 0, 'job', '', j.reason, j.died_at, j.redriven_at
        FROM dead_jobs j
        WHERE j.redriven_at IS NULL AND @channel::text = '' AND @kind::text IN ('', 'job')
          AND j.died_at >= @since::timestamptz AND (j.died_at, j.id) < (@before_at::timestamptz, @before_id::uuid)
          AND (@reason::text = '' OR strpos(lower(j.reason), lower(@reason)) > 0)
        ORDER BY j.died_at DESC, j.id DESC
        LIMIT @max_rows
    )
) AS letters
ORDER BY letters.died_at DESC, letters.id DESC
LIMIT @max_rows;

-- name: DeadLetterReasons :many
-- How often each reason killed something, with the same filters, the most frequent first.
SELECT reason, count(*) AS number FROM dead_letters
WHERE (@channel::text = '' OR channel = @channel) AND (@kind::text = '' OR kind = @kind) AND died_at >= @since::timestamptz
  AND (@reason::text = '' OR strpos(lower(reason), lower(@reason)) > 0)
GROUP BY reason
ORDER BY count(*) DESC, reason;

-- name: DeadLetterRow :one
-- One row of messages or message_events in any state, with all that is known of where it came from. The webhook may be gone already.
SELECT rows.id, rows.seq, rows.kind, rows.key, rows.thread, rows.lane, rows.state, rows.reason, rows.raw, rows.occurred_at, rows.received_at,
       rows.processed_at, rows.redriven_at, rows.webhook_log_id, a.channel, a.external_id AS account, a.credential_account,
       w.request_id AS webhook_request, w.received_at AS webhook_received_at, coalesce(length(w.body), 0)::integer AS webhook_bytes
FROM (
    SELECT m.id, m.seq, 'message'::text AS kind, m.external_id AS key, m.thread, m.lane, m.state, m.reason, m.raw, m.occurred_at, m.received_at,
           m.processed_at, m.redriven_at, m.webhook_log_id, m.channel_account_id
    FROM messages m WHERE m.id = @id
    UNION ALL
    SELECT e.id, e.seq, e.kind, e.key, e.thread, e.lane, e.state, e.reason, e.raw, e.occurred_at, e.received_at,
           e.processed_at, e.redriven_at, e.webhook_log_id, e.channel_account_id
    FROM message_events e WHERE e.id = @id
) AS rows
JOIN channel_accounts a ON a.id = rows.channel_account_id
LEFT JOIN webhook_logs w ON w.id = rows.webhook_log_id;

-- name: DeadLetterRedrive :many
-- Sends dead rows on their way again: they are stored, marked, and one new job for each of their lanes is to be queued. Rows that are not
-- dead are left alone. job_ids holds at least as many ids as there are rows. Returns the jobs, with how many rows each has.
WITH messages_again AS (
    UPDATE messages SET state = 'stored', reason = NULL, processed_at = NULL, redriven_at = now()
    WHERE messages.id = ANY(@ids::uuid[]) AND state = 'dead'
    RETURNING channel_account_id, lane, seq
), events_again AS (
    UPDATE message_events SET state = 'stored', reason = NULL, processed_at = NULL, redriven_at = now()
    WHERE message_events.id = ANY(@ids::uuid[]) AND state = 'dead'
    RETURNING channel_account_id, lane, seq
), lanes AS (
    SELECT channel_account_id, lane, max(seq) AS up_to_seq, count(*)::integer AS redriven, row_number() OVER () AS number
    FROM (SELECT * FROM messages_again UNION ALL SELECT * FROM events_again) AS again
    GROUP BY channel_account_id, lane
), jobs AS (
    INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq)
    SELECT (@job_ids::uuid[])[number], CASE WHEN lane LIKE 'bulk/%' THEN 'bulk' ELSE 'live' END, channel_account_id, lane, up_to_seq
    FROM lanes
    RETURNING id, queue, channel_account_id, lane, up_to_seq, attempt
)
SELECT jobs.*, lanes.redriven FROM jobs JOIN lanes USING (channel_account_id, lane);

-- name: DeadLetterJob :one
-- One job that was given up.
SELECT id, queue, body, reason, receive_count, died_at, redriven_at FROM dead_jobs WHERE id = @id;

-- name: DeadLetterJobRedriven :exec
-- Notes that a job was sent on its way again.
UPDATE dead_jobs SET redriven_at = now() WHERE id = @id;
