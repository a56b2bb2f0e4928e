-- name: FileWant :many
-- Makes these the files behind a message's attachments: they are to be fetched. One that is known stays as it is; another source is another file, also
-- at a position that had one. What is stored of a file that goes is to be deleted. Returns those that are new.
WITH given AS (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@positions::smallint[]) AS position, unnest(@sources::text[]) AS source
), dropped AS (
    DELETE FROM files
    WHERE message_id = @message_id AND position <> ALL (@positions::smallint[]) AND source <> coalesce(key, '') -- not what we sent: see FileOwn
), doomed AS (
    INSERT INTO doomed_objects (key)
    SELECT f.key FROM files f LEFT JOIN given ON given.position = f.position
    WHERE f.message_id = @message_id AND f.key <> f.source AND given.source IS DISTINCT FROM f.source
    ON CONFLICT (key) DO UPDATE SET due_at = now(), deleted_at = NULL
)
INSERT INTO files (id, message_id, position, source, due_at)
SELECT given.id, @message_id, given.position, given.source, @due_at FROM given
ON CONFLICT (message_id, position) DO UPDATE SET
    id = excluded.id, source = excluded.source, due_at = excluded.due_at, state = 'waiting', attempt = 1, wanted_at = now(),
    reason = NULL, key = NULL, bytes = NULL, mime = NULL, sha256 = NULL, settled_at = NULL
WHERE files.source <> excluded.source
RETURNING id, position;

-- name: FileOpen :one
-- A file, locked, with what an attempt to fetch it takes.
SELECT f.id, f.state, f.attempt, f.wanted_at, f.message_id, m.conversation_id, m.channel_account_id, m.lane, a.channel, a.credential_account, t.detail
FROM files f
JOIN attachments t ON t.message_id = f.message_id AND t.position = f.position
JOIN messages m ON m.id = f.message_id
JOIN channel_accounts a ON a.id = m.channel_account_id
WHERE f.id = @id
FOR UPDATE OF f;

-- name: FileAgain :exec
-- Makes another attempt to fetch a file, which is overdue after a time.
UPDATE files SET attempt = attempt + 1, due_at = @due_at, reason = sqlc.narg('reason') WHERE id = @id;

-- name: FileRetry :exec
-- Makes a file wanted from now on, with another attempt. Whoever asks for it may have no queue at hand, so it is overdue soon.
UPDATE files SET state = 'waiting', attempt = attempt + 1, wanted_at = now(), due_at = @due_at, reason = NULL, settled_at = NULL WHERE id = @id;

-- name: FileSettle :exec
-- Writes what became of a file in the end, and tells clients, unless its message is in no conversation any more.
WITH settled AS (
    UPDATE files SET state = @state, reason = sqlc.narg('reason'), key = sqlc.narg('key'), bytes = sqlc.narg('bytes'), mime = sqlc.narg('mime'),
        sha256 = sqlc.narg('sha256'), settled_at = now()
    WHERE files.id = @id
    RETURNING message_id
)
INSERT INTO feed (kind, conversation_id, message_id) SELECT 'message.updated', sqlc.narg('conversation_id')::uuid, settled.message_id FROM settled
WHERE sqlc.narg('conversation_id')::uuid IS NOT NULL;

-- name: FileOverdue :many
-- Takes files of which nothing was heard in time, for another attempt; they are overdue again after twice as long, an hour at the most. Rows that
-- another worker takes at the moment are skipped.
WITH overdue AS (
    UPDATE files SET attempt = attempt + 1, due_at = now() + least(interval '1 hour', interval '10 minutes' * 2 ^ least(attempt, 10))
    WHERE id IN (
        SELECT w.id FROM files w
        WHERE w.state = 'waiting' AND w.due_at < now()
        ORDER BY w.due_at
        LIMIT @max_rows
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, attempt, wanted_at, message_id, position
)
SELECT f.id, f.attempt, f.wanted_at, m.channel_account_id, m.lane, a.channel, a.credential_account, t.detail
FROM overdue f
JOIN attachments t ON t.message_id = f.message_id AND t.position = f.position
JOIN messages m ON m.id = f.message_id
JOIN channel_accounts a ON a.id = m.channel_account_id;

-- name: FileMissing :many
-- The files that we do not have, what was wanted last first. Empty texts filter nothing.
SELECT f.id, f.message_id, f.state, f.reason, f.attempt, f.wanted_at, f.due_at, t.kind, t.name, a.channel
FROM (
    SELECT * FROM files WHERE files.state = 'waiting'
    UNION ALL
    SELECT * FROM files WHERE files.state IN ('gone', 'refused', 'failed')
) AS f -- one look for each of the two small indexes
JOIN attachments t ON t.message_id = f.message_id AND t.position = f.position
JOIN messages m ON m.id = f.message_id
JOIN channel_accounts a ON a.id = m.channel_account_id
WHERE m.conversation_id IS NOT NULL AND (@state::text = '' OR f.state = @state) AND (@channel::text = '' OR a.channel = @channel)
  AND f.wanted_at >= @since::timestamptz AND (@reason::text = '' OR strpos(lower(f.reason), lower(@reason)) > 0)
ORDER BY f.wanted_at DESC, f.id DESC
LIMIT @max_rows;

-- name: FileOwn :exec
-- Writes the file of a message of ours as its one attachment, if there is that message. We have the file already: it is its own source.
WITH attachment AS (
    INSERT INTO attachments (message_id, position, kind, mime, name, bytes, detail)
    SELECT m.id, 0, @kind, nullif(@mime::text, ''), nullif(@name::text, ''), nullif(@bytes::bigint, 0), @detail FROM messages m WHERE m.id = @message_id
)
INSERT INTO files (id, message_id, position, source, state, due_at, key, bytes, mime, settled_at)
SELECT @id, m.id, 0, @key::text, 'stored', now(), @key::text, nullif(@bytes::bigint, 0), nullif(@mime::text, ''), now()
FROM messages m WHERE m.id = @message_id;
