-- name: ErasureByContact :one
-- The erasure of a contact, or of one that turned out to be them.
SELECT id FROM erasures WHERE contact_id = @contact_id;

-- name: ErasureContact :one
-- Who a contact is by now, locked until the transaction ends.
SELECT c.id, c.merged_into FROM contacts c WHERE c.id = @id FOR UPDATE;

-- name: ErasureInsert :exec
-- Orders an erasure.
INSERT INTO erasures (id, contact_id, step, due_at, reason, agent_id)
VALUES (@id, @contact_id, @step, now() + interval '30 seconds', @reason, sqlc.narg('agent_id'));

-- name: ErasureBegin :exec
-- Makes a person unknown at once, and keeps what the steps of the erasure need.
SELECT begin_erasure(@erasure::uuid, @person::uuid);

-- name: ErasureIdentities :many
-- The identities that an erasure is about.
SELECT a.channel, s.name, s.value FROM erasure_scope s JOIN channel_accounts a ON a.id = s.channel_account_id
WHERE s.erasure_id = @erasure_id AND s.kind = 'identity'
ORDER BY a.channel, s.name, s.value;

-- name: ErasureRemember :exec
-- Keeps by what an identity can be recognised later that somebody names.
UPDATE erasures SET identities = @identities WHERE id = @id;

-- name: ErasureList :many
-- Erasures, the latest first, behind a place in that order; with an id only that one.
SELECT e.id, e.contact_id, e.state, e.step, e.place, e.attempt, e.reason, e.agent_id, g.name AS agent_name, e.asked_at, e.finished_at, e.removed, e.identities
FROM erasures e LEFT JOIN agents g ON g.id = e.agent_id
WHERE (e.asked_at, e.id) < (@before_at::timestamptz, @before_id::uuid) AND (sqlc.narg('id')::uuid IS NULL OR e.id = sqlc.narg('id')::uuid)
ORDER BY e.asked_at DESC, e.id DESC
LIMIT @max_rows;

-- name: ErasureProgress :one
-- How far an erasure is.
SELECT id, state, step, place FROM erasures WHERE id = @id;

-- name: ErasureMove :exec
-- Notes how far an erasure has come.
UPDATE erasures SET step = @step, place = @place, due_at = now() + interval '5 minutes' WHERE id = @id AND state = 'running';

-- name: ErasureCount :exec
-- Counts what an erasure removed.
UPDATE erasures SET removed = removed || jsonb_build_object(@kind::text, coalesce((removed ->> @kind::text)::bigint, 0) + @number::bigint) WHERE id = @id;

-- name: ErasureAgain :one
-- Makes another attempt at an erasure that runs.
UPDATE erasures SET attempt = attempt + 1, due_at = now() + interval '5 minutes' WHERE id = @id AND state = 'running'
RETURNING attempt;

-- name: ErasureOverdue :many
-- Takes erasures after which nobody looks, with another attempt at each.
UPDATE erasures SET attempt = attempt + 1, due_at = now() + interval '5 minutes'
WHERE id IN (
    SELECT o.id FROM erasures o WHERE o.state = 'running' AND o.due_at < now() ORDER BY o.due_at LIMIT @max_rows FOR UPDATE SKIP LOCKED
)
RETURNING id, attempt;

-- name: ErasureStepMessages :one
-- Removes some messages of an erasure; 0: there are none left.
SELECT erase_messages(@erasure::uuid, @most::integer)::integer;

-- name: ErasureStepEvents :one
-- Removes some events of an erasure; 0: there are none left.
SELECT erase_events(@erasure::uuid, @most::integer)::integer;

-- name: ErasureStepGroup :one
-- Removes what a person did in the group behind a place, and says which it was.
SELECT coalesce(erase_in_group(@erasure::uuid, @place::uuid), '00000000-0000-0000-0000-000000000000')::uuid AS place;

-- name: ErasureStepJobs :one
-- Removes the jobs of an erasure among the ones behind a place, and says how far it looked.
SELECT coalesce(erase_jobs(@erasure::uuid, @place::uuid, @most::integer), '00000000-0000-0000-0000-000000000000')::uuid AS place;

-- name: ErasureStepTold :one
-- Removes what subscribers are told of an erasure's person, and says how far it looked.
SELECT coalesce(erase_told(@erasure::uuid, @place::text, @most::integer), '')::text AS place;

-- name: ErasureStepFeed :one
-- Removes what the feed has of an erasure's person, and says how far it looked.
SELECT coalesce(erase_from_feed(@erasure::uuid, @place::text, @most::integer), '')::text AS place;

-- name: ErasureEnd :one
-- Ends an erasure; false: it has to begin again.
SELECT end_erasure(@erasure::uuid)::boolean;

-- name: ErasureStepWebhooks :one
-- Notes webhooks that hold an id of an erasure's person among the ones behind a place, and says how far it looked.
SELECT coalesce(find_in_webhooks(@erasure::uuid, @place::uuid, @most::integer), '00000000-0000-0000-0000-000000000000')::uuid AS place;

-- name: ErasureLeftovers :many
-- Webhooks whose bytes hold, or may hold, what is erased.
SELECT id, channel, credential_account, headers, received_at, body FROM erasure_webhooks LIMIT @max_rows;

-- name: ErasureLeftoverKeep :exec
-- Notes that a webhook holds nothing that is erased.
SELECT keep_leftover(@id::uuid);

-- name: ErasureNames :one
-- Which of some names are erased for a webhook.
SELECT erased_names(@names::text[], @webhook::uuid)::text[];

-- name: ErasureOfMessage :one
-- Whether a message that waits is erased, by any of its names. The function is entered only if anything is.
SELECT (CASE WHEN EXISTS (SELECT t.expires_at FROM erasure_tombstones t) THEN
    coalesce(cardinality(erased_names(@names::text[], (SELECT m.webhook_log_id FROM messages m WHERE m.id = @id))) > 0, false)
ELSE false END)::boolean;

-- name: ErasureOfEvent :one
-- Whether an event that waits is erased, by any of its names; see ErasureOfMessage.
SELECT (CASE WHEN EXISTS (SELECT t.expires_at FROM erasure_tombstones t) THEN
    coalesce(cardinality(erased_names(@names::text[], (SELECT e.webhook_log_id FROM message_events e WHERE e.id = @id))) > 0, false)
ELSE false END)::boolean;

-- name: ErasureDrop :exec
-- Drops an event that is erased, with the job that ends with it, if one does.
SELECT drop_erased(@id::uuid, sqlc.narg('job')::uuid);

-- name: ErasureLeftoverRewrite :exec
-- Leaves some events in the bytes of a webhook, one in its body and each of the others in a webhook of its own.
SELECT rewrite_leftover(@id::uuid, @headers::json, @body::bytea, @events::integer, @ids::uuid[], @bodies::bytea[], @accounts::uuid[], @kinds::text[],
    @keys::text[]);

-- name: ErasureDeadJobs :many
-- Jobs that were given up, behind one in the order of their ids.
SELECT id, body FROM erasure_dead_jobs WHERE id > @after ORDER BY id LIMIT @max_rows;

-- name: ErasureDeadJobRewrite :exec
-- Leaves what is not erased of a dead job; null: nothing.
SELECT rewrite_dead_job(@id::uuid, sqlc.narg('body')::text, sqlc.narg('erasure')::uuid);

-- name: ErasureTombstonesExpire :execrows
-- Removes tombstones after which nothing can come any more, and forgets webhooks of that time.
WITH old AS (
    DELETE FROM erasure_leftovers WHERE noted_at < now() - interval '35 days'
)
DELETE FROM erasure_tombstones WHERE expires_at < now();

-- name: ErasureFind :many
-- Contacts by an id that a channel knows them by, with or without the + of a phone number.
SELECT DISTINCT i.contact_id FROM contact_identities i JOIN channel_accounts a ON a.id = i.channel_account_id
WHERE a.channel = @channel AND i.value IN (@value, ltrim(@value, '+'));
