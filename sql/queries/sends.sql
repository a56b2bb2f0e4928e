-- name: SendChat :one
-- What has to be known of a conversation to answer in it. One that is another by now is found as that.
SELECT a.channel, a.external_id AS account, a.credential_account, sqlc.embed(c)
FROM conversations c JOIN channel_accounts a ON a.id = c.channel_account_id
WHERE c.id = @id;

-- name: SendAnswered :one
-- What has to be known of a message to answer it.
SELECT external_id, coalesce(content ->> 'topic', '')::text AS topic FROM messages WHERE id = @id AND conversation_id = @conversation_id;

-- name: SendFailed :one
-- A message of ours with what was to be sent, and the message that it answers. A reaction's send names the message that it is about.
SELECT m.status, s.conversation_id, s.outgoing, r.id AS reply_to_id
FROM messages m
JOIN sends s ON s.message_id = m.id
LEFT JOIN messages r ON r.channel_account_id = m.channel_account_id AND r.external_id = coalesce(m.reply_to, s.outgoing -> 'reaction' ->> 'target')
WHERE m.id = @id;

-- name: SendLine :exec
-- Takes the lock under which the sends of a conversation take turns.
SELECT id FROM conversations WHERE id = @id FOR UPDATE;

-- name: SendCompose :many
-- Writes a draft as messages that wait for their turn, and tells clients: the customer waits for nobody now, and of what they wrote no more is unread
-- than the agent who answers has not seen. None: the idempotency key was used before, or the failed message that this is another try at was tried again already.
WITH given AS (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@types::text[]) AS type, unnest(@texts::text[]) AS text, unnest(@contents::text[]) AS content,
           unnest(@outgoings::text[]) AS outgoing, generate_series(0, cardinality(@ids::uuid[]) - 1) AS part
), fresh AS (
    SELECT given.* FROM given
    WHERE NOT EXISTS (SELECT FROM sends s WHERE s.idempotency_key = @idempotency_key)
      AND NOT EXISTS (SELECT FROM messages r WHERE r.retry_of = sqlc.narg('retry_of'))
), message AS (
    INSERT INTO messages (id, channel_account_id, thread, lane, state, conversation_id, direction, type, text, content, reply_to, status, author,
        author_id, retry_of, occurred_at, processed_at)
    SELECT fresh.id, @channel_account_id, @thread, @lane, 'processed', @conversation_id, 'out', fresh.type, nullif(fresh.text, ''), fresh.content::json,
        CASE WHEN fresh.part = 0 THEN sqlc.narg('reply_to')::text END, 'queued', @author,
        sqlc.narg('author_id')::uuid, CASE WHEN fresh.part = 0 THEN sqlc.narg('retry_of')::uuid END, now(), now()
    FROM fresh
    ORDER BY fresh.part
    RETURNING id
), change AS (
    INSERT INTO feed (kind, conversation_id, message_id) SELECT 'message.created', @conversation_id, message.id FROM message
), chat AS (
    UPDATE conversations SET
        last_message_at = greatest(last_message_at, now()), waiting_since = NULL, updated_at = now(),
        unread_count = CASE WHEN sqlc.narg('author_id')::uuid IS NULL THEN unread_count ELSE least(unread_count, @unseen::integer) END
    WHERE conversations.id = @conversation_id AND EXISTS (SELECT FROM fresh WHERE fresh.type <> 'reaction')
)
INSERT INTO sends (message_id, conversation_id, idempotency_key, part, fingerprint, human, outgoing, state)
SELECT fresh.id, @conversation_id, @idempotency_key, fresh.part, @fingerprint, @human, fresh.outgoing::json, 'waiting'
FROM fresh
ORDER BY fresh.part
RETURNING message_id;

-- name: SendComposed :many
-- What an idempotency key was used for.
SELECT message_id, fingerprint FROM sends WHERE idempotency_key = @idempotency_key ORDER BY part;

-- name: SendRelease :one
-- Lets the first waiting message of a conversation go, unless one is under way. No row: nothing waits, or not its turn.
UPDATE sends SET state = 'under_way', attempt = 1, due_at = now() + interval '15 seconds'
WHERE message_id = (
    SELECT s.message_id FROM sends s WHERE s.conversation_id = @conversation_id AND s.state <> 'done' ORDER BY s.seq LIMIT 1
) AND state = 'waiting'
RETURNING message_id;

-- name: SendLineOf :exec
-- Takes the lock of SendLine for the conversation of a message.
SELECT c.id FROM conversations c JOIN sends s ON s.conversation_id = c.id WHERE s.message_id = @message_id FOR UPDATE OF c;

-- name: SendOpen :one
-- A message of ours with its send, both locked, and where it belongs.
SELECT s.state, s.attempt, s.outgoing, s.idempotency_key, s.part, s.doubtful,
       extract(epoch FROM now() - s.created_at)::float AS age_seconds,
       coalesce(extract(epoch FROM now() - s.listening_since), 0)::float AS listening_seconds,
       m.id AS message_id, m.channel_account_id, m.thread, m.lane, m.external_id, m.type, m.status, m.content, a.channel, a.external_id AS account, sqlc.embed(c)
FROM sends s
JOIN messages m ON m.id = s.message_id
JOIN conversations c ON c.id = s.conversation_id
JOIN channel_accounts a ON a.id = c.channel_account_id
WHERE s.message_id = @message_id
FOR UPDATE OF s, m;

-- name: SendUnderWay :many
-- The messages of a conversation that are under way, which is one at the most unless it was made of two lately, with everything that an
-- attempt takes: where it goes, by whose credentials, and by which ids the channel account knows the customer, oldest first.
SELECT s.message_id, s.attempt, s.outgoing, m.channel_account_id, m.lane, a.channel, a.external_id AS account, a.credential_account, c.thread,
       (c.title IS NOT NULL)::boolean AS is_group, coalesce(known.kinds, '{}')::text[] AS kinds, coalesce(known.ids, '{}')::text[] AS ids
FROM sends s
JOIN messages m ON m.id = s.message_id
JOIN conversations c ON c.id = s.conversation_id
JOIN channel_accounts a ON a.id = c.channel_account_id
LEFT JOIN LATERAL (
    SELECT array_agg(i.kind ORDER BY i.created_at, i.kind, i.value) AS kinds, array_agg(i.value ORDER BY i.created_at, i.kind, i.value) AS ids
    FROM contact_identities i WHERE i.contact_id = c.contact_id AND i.channel_account_id = a.id
) AS known ON true
WHERE s.conversation_id = @conversation_id AND s.state = 'under_way';

-- name: SendAgain :exec
-- Makes another attempt at a message, which is overdue after a time.
UPDATE sends SET state = 'under_way', attempt = attempt + 1, due_at = @due_at, listening_since = NULL, doubtful = doubtful OR @doubtful::boolean
WHERE message_id = @message_id;

-- name: SendListen :exec
-- Waits for the platform to tell of a message that it may have taken, for so long.
UPDATE sends SET state = 'unconfirmed', due_at = @due_at, listening_since = coalesce(listening_since, now()) WHERE message_id = @message_id;

-- name: SendDone :exec
-- Ends the way of a message: it was sent, or never will be.
UPDATE sends SET state = 'done', due_at = 'infinity'::timestamptz WHERE message_id = @message_id;

-- name: SendAccepted :exec
-- Notes that a queue has an attempt: from here on it comes back by itself.
UPDATE sends SET due_at = 'infinity'::timestamptz WHERE message_id = @message_id AND attempt = @attempt AND state = 'under_way';

-- name: SendOverdue :many
-- Takes sends that nobody is known to look after; they are due again in a minute. Rows that another worker takes at the moment are skipped.
WITH overdue AS (
    SELECT s.message_id, s.due_at FROM sends s
    WHERE s.state IN ('under_way', 'unconfirmed') AND s.due_at < now()
    ORDER BY s.due_at
    LIMIT @max_rows
    FOR UPDATE SKIP LOCKED
)
UPDATE sends SET due_at = now() + interval '1 minute'
FROM overdue JOIN messages m ON m.id = overdue.message_id
WHERE sends.message_id = overdue.message_id
RETURNING sends.message_id, sends.state, sends.attempt, m.channel_account_id, m.lane, overdue.due_at AS was_due;

-- name: SendFailRest :exec
-- Gives up the later parts of a request of which one could not be delivered, and tells clients.
WITH rest AS (
    UPDATE sends SET state = 'done', due_at = 'infinity'
    WHERE idempotency_key = @idempotency_key AND part > @part AND state = 'waiting'
    RETURNING message_id, conversation_id
), change AS (
    INSERT INTO feed (kind, conversation_id, message_id) SELECT 'message.updated', rest.conversation_id, rest.message_id FROM rest
)
UPDATE messages SET status = 'failed', error_code = @error_code, error_reason = @error_reason
FROM rest WHERE messages.id = rest.message_id;

-- name: SendResult :exec
-- Writes how far a message of ours got, by our own knowledge.
UPDATE messages SET status = @status, error_code = sqlc.narg('error_code'), error_reason = sqlc.narg('error_reason') WHERE id = @id;

-- name: SendTaken :exec
-- Writes that the platform took a message of ours: under which id, and when.
UPDATE messages SET external_id = @external_id, status = @status, occurred_at = @occurred_at,
    error_code = sqlc.narg('error_code'), error_reason = sqlc.narg('error_reason'),
    text = sqlc.narg('text'), edited = sqlc.narg('edited'), reactions = sqlc.narg('reactions'), edited_at = sqlc.narg('edited_at'),
    deleted_at = sqlc.narg('deleted_at')
WHERE id = @id;

-- name: SendEchoMerge :exec
-- Takes out of the conversation what came in as a message and is one of ours: the platform showed us what we had sent ourselves. Clients that
-- have heard of it are told.
WITH echo AS (
    SELECT m.id, m.conversation_id FROM messages m
    WHERE m.channel_account_id = @channel_account_id AND m.external_id = @external_id AND m.id <> @own
    FOR UPDATE
), change AS (
    INSERT INTO feed (kind, conversation_id, message_id)
    SELECT 'message.merged', echo.conversation_id, echo.id FROM echo WHERE echo.conversation_id IS NOT NULL
)
UPDATE messages SET merged_into = @own, external_id = NULL, state = 'processed', reason = NULL, raw = NULL, conversation_id = NULL
FROM echo WHERE messages.id = echo.id;

-- name: SendByHandle :one
-- A message of ours by the handle that the platform shows with it.
SELECT m.id, m.external_id FROM sends s JOIN messages m ON m.id = s.message_id
WHERE s.message_id = @handle AND m.channel_account_id = @channel_account_id;

-- name: SendReactionInsert :exec
-- Writes a reaction of ours as the fact that it is about another message.
INSERT INTO message_events (id, channel_account_id, thread, lane, kind, key, state, target, content, conversation_id, occurred_at, processed_at)
VALUES (@id, @channel_account_id, @thread, @lane, 'reaction', @key, 'processed', @target, @content, @conversation_id, @occurred_at, now());

-- name: SendMove :exec
-- Moves the sends of a conversation that turned out to be another's.
UPDATE sends SET conversation_id = @winner WHERE conversation_id = @loser;
