-- Erasure and retention: how a person goes from the database with everything that came from them, and how old things go by themselves.

-- +goose Up

-- An erasure is the order to forget a contact, and the receipt of it: it stays, and names nobody.
CREATE TABLE erasures (
    id          uuid PRIMARY KEY,
    contact_id  uuid        NOT NULL UNIQUE,   -- whoever asks twice for one contact gets one erasure
    state       text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
    step        text        NOT NULL,          -- that comes next, or is under way: inbox.ErasureStep
    place       text        NOT NULL DEFAULT '', -- how far a step has come that goes through a whole table
    attempt     integer     NOT NULL DEFAULT 1, -- raised each time that it is queued
    due_at      timestamptz NOT NULL,          -- still running then, somebody has to look after it
    reason      text        NOT NULL,
    agent_id    uuid REFERENCES agents (id),   -- who asked; null: an operator at the command line
    asked_at    timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    removed     jsonb       NOT NULL DEFAULT '{}', -- how many of each kind of thing are gone
    identities  json        NOT NULL DEFAULT '[]'  -- inbox.ErasedIdentity: slow hashes, to recognise an identity that somebody names
);
CREATE INDEX erasures_asked ON erasures (asked_at DESC, id DESC);
CREATE INDEX erasures_due ON erasures (due_at) WHERE state = 'running';

-- What an erasure is about, as long as it runs: this is the only place that still knows. It goes with the last step.
CREATE TABLE erasure_scope (
    erasure_id         uuid NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
    kind               text NOT NULL CHECK (kind IN ('contact', 'conversation', 'identity', 'thread')),
    id                 uuid,                   -- of a contact or conversation
    channel_account_id uuid,                   -- of an identity or thread
    name               text,                   -- kind of an identity
    value              text                    -- of an identity or thread
);
CREATE INDEX erasure_scope_erasure ON erasure_scope (erasure_id, kind);

-- A tombstone keeps what is still on its way from coming back: a repetition of an event that is gone, an event of the person that was accepted
-- before and not stored yet, the outcome of a job. It is the keyed hash of a name: see
-- internal/inbox/erasure.go.
CREATE TABLE erasure_tombstones (
    hash       bytea PRIMARY KEY,
    before     uuid        NOT NULL,           -- it counts for webhooks with a smaller id, so for those accepted earlier
    expires_at timestamptz NOT NULL            -- later than any platform repeats and any queue keeps something
);
CREATE INDEX erasure_tombstones_expires ON erasure_tombstones (expires_at);

-- The key of the hashes: each database has its own, so that nobody has a table of them. It does not protect a phone number from whoever has the
-- database and tries all; that is why tombstones do not stay.
CREATE TABLE erasure_key (key bytea NOT NULL);
INSERT INTO erasure_key
SELECT sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8')) FROM generate_series(1, 4);

-- Webhooks whose bytes hold, or may hold, what is erased: found by an erasure, or because an erased event came once more. Nobody reads other raw
-- webhooks but operators.
CREATE TABLE erasure_leftovers (
    webhook_log_id uuid PRIMARY KEY,
    erasure_id     uuid,                       -- that found it; null: it came later
    noted_at       timestamptz NOT NULL DEFAULT now()
);
CREATE VIEW erasure_webhooks AS
    SELECT w.id, w.channel, w.credential_account, w.headers, w.received_at, w.body
    FROM erasure_leftovers l JOIN webhook_logs w ON w.id = l.webhook_log_id;

-- Jobs that were given up can be searched as long as somebody is erased.
CREATE VIEW erasure_dead_jobs AS
    SELECT j.id, j.body FROM dead_jobs j WHERE EXISTS (SELECT FROM erasure_tombstones);

-- Objects of the files' storage that nobody needs any more. Each is deleted twice: what was fetching it when it was deleted may put it once more. One
-- that a file has nevertheless, because it was fetched again or sent twice, stays as long as that.
CREATE TABLE doomed_objects (
    key        text PRIMARY KEY,
    due_at     timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz                     -- for the first time
);
CREATE INDEX doomed_objects_due ON doomed_objects (due_at);
CREATE VIEW objects_to_delete AS
    SELECT d.key, d.due_at FROM doomed_objects d WHERE d.due_at <= now() AND NOT EXISTS (SELECT FROM files f WHERE f.key = d.key);

-- How far the sweeper has come through a table that it goes through in the order of its keys, for one channel or ('') all.
CREATE TABLE retention_progress (
    kind    text NOT NULL,
    channel text NOT NULL,
    place   text NOT NULL,
    PRIMARY KEY (kind, channel)
);

ALTER TABLE webhook_logs ADD COLUMN erased_at timestamptz; -- when somebody's events were taken out of the body, which is empty if none are left

-- A contact's messages are found when they go, or become another's, and their absence when they go: in a table of millions.
CREATE INDEX IF NOT EXISTS messages_contact ON messages (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX conversations_merged_into ON conversations (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX message_events_of_no_chat ON message_events (channel_account_id) WHERE conversation_id IS NULL AND state = 'processed';
CREATE INDEX files_key ON files (key) WHERE key IS NOT NULL;
CREATE INDEX dead_jobs_died ON dead_jobs (died_at);
CREATE INDEX audit_log_contact ON audit_log (object) WHERE action IN ('contact.edited', 'contact.merged');

-- Which of some names are erased, for a webhook: names whose tombstones count for it.
-- +goose StatementBegin
CREATE FUNCTION erased_names(names text[], webhook uuid) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret bytea;
BEGIN
    IF NOT EXISTS (SELECT FROM erasure_tombstones) THEN
        RETURN '{}'; -- the rest takes much longer, for every event that there is
    END IF;
    SELECT key INTO STRICT secret FROM erasure_key;
    RETURN ARRAY(
        SELECT name FROM unnest(names) AS name JOIN erasure_tombstones t ON t.hash = sha256(secret || convert_to(name, 'UTF8'))
        WHERE webhook < t.before
    );
END
$$;
-- +goose StatementEnd

-- Sets tombstones for names. They count for webhooks before a moment; null: for all.
-- +goose StatementBegin
CREATE FUNCTION entomb(names text[], moment timestamptz) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO erasure_tombstones (hash, before, expires_at)
    SELECT DISTINCT sha256(k.key || convert_to(name, 'UTF8')), coalesce(uuid_floor(moment), 'ffffffff-ffff-ffff-ffff-ffffffffffff'), now() + interval '35 days'
    FROM unnest(names) AS name, erasure_key k
    ON CONFLICT (hash) DO UPDATE SET before = greatest(erasure_tombstones.before, excluded.before), expires_at = excluded.expires_at
$$;
-- +goose StatementEnd

-- Counts what an erasure removed.
-- +goose StatementBegin
CREATE FUNCTION count_erased(erasure uuid, what text, number bigint) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE erasures SET removed = removed || jsonb_build_object(what, coalesce((removed ->> what)::bigint, 0) + number)
    WHERE id = erasure AND number > 0
$$;
-- +goose StatementEnd

-- Removes messages with everything that hangs on them, and returns how many of each kind of thing that was. With an erasure, tombstones are set for
-- what a platform or a queue could still bring back. Files leave their keys in doomed_objects. Those of attempts that are under way too.
-- +goose StatementBegin
CREATE FUNCTION remove_messages(ids uuid[], erasing boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    counts jsonb := '{}';
    number bigint;
BEGIN
    ids := ids || ARRAY(SELECT m.id FROM messages m WHERE m.merged_into = ANY (ids)); -- echoes of them
    IF erasing THEN
        PERFORM entomb(array_agg('/uuid/' || m.id) || array_agg(m.channel_account_id || '/message/' || m.external_id) FILTER (WHERE m.external_id IS NOT NULL), NULL)
        FROM messages m WHERE m.id = ANY (ids) AND m.received_at > now() - interval '35 days';
        PERFORM entomb(array_agg(e.channel_account_id || '/' || e.kind || '/' || e.key), NULL)
        FROM messages m JOIN message_events e ON e.channel_account_id = m.channel_account_id AND e.target = m.external_id
        WHERE m.id = ANY (ids) AND e.received_at > now() - interval '35 days';
    END IF;
    INSERT INTO doomed_objects (key)
    SELECT DISTINCT coalesce(f.key, 'incoming/' || f.id) FROM files f WHERE f.message_id = ANY (ids)
    ON CONFLICT (key) DO UPDATE SET due_at = now(), deleted_at = NULL;
    DELETE FROM files f WHERE f.message_id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    counts := counts || jsonb_build_object('files', number);
    DELETE FROM attachments a WHERE a.message_id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    counts := counts || jsonb_build_object('attachments', number);
    DELETE FROM sends s WHERE s.message_id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    counts := counts || jsonb_build_object('sends', number);
    DELETE FROM message_statuses s USING messages m
    WHERE m.id = ANY (ids) AND s.channel_account_id = m.channel_account_id AND s.external_id = m.external_id;
    GET DIAGNOSTICS number = ROW_COUNT;
    counts := counts || jsonb_build_object('receipts', number);
    DELETE FROM message_events e USING messages m
    WHERE m.id = ANY (ids) AND e.channel_account_id = m.channel_account_id AND e.target = m.external_id AND e.state = 'processed';
    GET DIAGNOSTICS number = ROW_COUNT;
    counts := counts || jsonb_build_object('events', number);
    UPDATE messages SET retry_of = NULL WHERE retry_of = ANY (ids);
    UPDATE messages SET merged_into = NULL WHERE merged_into = ANY (ids);
    DELETE FROM messages m WHERE m.id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN counts || jsonb_build_object('messages', number);
END
$$;
-- +goose StatementEnd

-- Removes what is left of conversations in which nobody says anything any more, and returns how many there were. The audit log keeps that something was
-- done, and not to what.
-- +goose StatementBegin
CREATE FUNCTION remove_conversations(ids uuid[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    number bigint;
BEGIN
    UPDATE audit_log SET conversation_id = NULL, detail = '{}' WHERE conversation_id = ANY (ids);
    DELETE FROM notes WHERE conversation_id = ANY (ids);
    DELETE FROM conversation_labels WHERE conversation_id = ANY (ids);
    DELETE FROM conversation_threads WHERE conversation_id = ANY (ids);
    UPDATE conversations SET merged_into = NULL WHERE merged_into = ANY (ids) AND id = ANY (ids);
    DELETE FROM conversations WHERE id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN number;
END
$$;
-- +goose StatementEnd

-- Begins the erasure of a contact, with everybody who turned out to be them. At once they are found by nothing any more: what they write next is
-- somebody new's. What is known of them moves into the scope; the steps remove the rest. The caller has made the row of erasures.
-- +goose StatementBegin
CREATE FUNCTION begin_erasure(erasure uuid, person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people uuid[];
    chats  uuid[];
    moment timestamptz;
BEGIN
    SELECT asked_at INTO STRICT moment FROM erasures WHERE id = erasure AND contact_id = person AND state = 'running' AND NOT EXISTS (
        SELECT FROM erasure_scope s WHERE s.erasure_id = erasure
    );
    PERFORM FROM conversations c WHERE c.contact_id = person ORDER BY c.id FOR UPDATE; -- first, as everybody does
    PERFORM FROM contacts c WHERE c.id = person FOR UPDATE;
    WITH RECURSIVE who AS (
        SELECT person AS id UNION SELECT c.id FROM contacts c JOIN who ON c.merged_into = who.id
    ) SELECT array_agg(who.id) INTO people FROM who;
    WITH RECURSIVE chat AS (
        SELECT c.id FROM conversations c WHERE c.contact_id = ANY (people)
        UNION SELECT c.id FROM conversations c JOIN chat ON c.merged_into = chat.id
    ) SELECT coalesce(array_agg(chat.id), '{}') INTO chats FROM chat;

    INSERT INTO erasure_scope (erasure_id, kind, id) SELECT erasure, 'contact', unnest(people);
    INSERT INTO erasure_scope (erasure_id, kind, id) SELECT erasure, 'conversation', unnest(chats);
    WITH gone AS (DELETE FROM contact_identities i WHERE i.contact_id = ANY (people) RETURNING i.channel_account_id, i.kind, i.value)
    INSERT INTO erasure_scope (erasure_id, kind, channel_account_id, name, value) SELECT erasure, 'identity', channel_account_id, kind, value FROM gone;
    WITH gone AS (DELETE FROM conversation_threads t WHERE t.conversation_id = ANY (chats) RETURNING t.channel_account_id, t.thread)
    INSERT INTO erasure_scope (erasure_id, kind, channel_account_id, value) SELECT erasure, 'thread', channel_account_id, thread FROM gone;
    PERFORM entomb(array_agg(s.channel_account_id || CASE s.kind WHEN 'identity' THEN '/id/' ELSE '/thread/' END || s.value), moment)
    FROM erasure_scope s WHERE s.erasure_id = erasure AND s.value IS NOT NULL;
    PERFORM entomb(array_agg('/uuid/' || s.id), NULL) FROM erasure_scope s WHERE s.erasure_id = erasure AND s.id IS NOT NULL;
    PERFORM count_erased(erasure, 'identities', count(*)) FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'identity';

    UPDATE contacts SET
        name = NULL, username = NULL, phone = NULL, language = NULL, edited_name = NULL, edited_phone = NULL, edited_language = NULL, email = NULL,
        about = NULL, updated_at = now()
    WHERE id = ANY (people);
    UPDATE conversations SET
        thread = '', title = NULL, status = 'resolved', last_message_at = NULL, last_inbound_at = NULL, window_expires_at = NULL, unread_count = 0,
        assignee_id = NULL, snoozed_until = NULL, waiting_since = NULL, updated_at = now()
    WHERE id = ANY (chats);
    INSERT INTO feed (kind, conversation_id) SELECT 'conversation.erased', unnest(chats);
    INSERT INTO feed (kind, event_id) VALUES ('contact.erased', person);
END
$$;
-- +goose StatementEnd

-- The messages of an erasure, some at a time: those of its conversations, what the person wrote in groups, and what waits to be processed or is dead and was
-- accepted before. Returns how many messages went; 0: there are none left.
-- +goose StatementBegin
CREATE FUNCTION erase_messages(erasure uuid, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment uuid;
    ids    uuid[];
    counts jsonb;
    groups uuid[];
BEGIN
    SELECT uuid_floor(asked_at) INTO STRICT moment FROM erasures WHERE id = erasure;
    SELECT array_agg(found.id) INTO ids FROM (
        SELECT m.id FROM erasure_scope s JOIN messages m ON m.conversation_id = s.id WHERE s.erasure_id = erasure AND s.kind = 'conversation'
        UNION ALL
        SELECT m.id FROM erasure_scope s JOIN messages m ON m.contact_id = s.id WHERE s.erasure_id = erasure AND s.kind = 'contact'
        UNION ALL
        SELECT m.id FROM erasure_scope s JOIN messages m
          ON m.channel_account_id = s.channel_account_id AND m.state = 'stored' AND m.thread = s.value
         AND m.lane = ANY (ARRAY(SELECT 'bulk/' || n FROM generate_series(0, 15) n) || ('live/' || s.value))
        WHERE s.erasure_id = erasure AND s.kind = 'thread' AND m.webhook_log_id < moment
        UNION ALL
        SELECT m.id FROM erasure_scope s JOIN messages m
          ON m.channel_account_id = s.channel_account_id AND m.state = 'dead'
         AND (m.thread = s.value OR position(convert_to(s.value, 'UTF8') IN m.raw) > 0)
        WHERE s.erasure_id = erasure AND s.value IS NOT NULL AND m.webhook_log_id < moment
        LIMIT most
    ) AS found;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    groups := ARRAY( -- colleagues see that something is gone from there
        SELECT DISTINCT m.conversation_id FROM messages m
        WHERE m.id = ANY (ids) AND m.conversation_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'conversation' AND s.id = m.conversation_id)
    );
    INSERT INTO feed (kind, conversation_id, message_id)
    SELECT 'message.erased', m.conversation_id, m.id FROM messages m WHERE m.id = ANY (ids) AND m.conversation_id = ANY (groups);
    counts := remove_messages(ids, true);
    PERFORM count_erased(erasure, key, value::bigint) FROM jsonb_each_text(counts);
    RETURN (counts ->> 'messages')::integer;
END
$$;
-- +goose StatementEnd

-- The events of an erasure in the same way.
-- +goose StatementBegin
CREATE FUNCTION erase_events(erasure uuid, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment uuid;
    ids    uuid[];
    number bigint;
BEGIN
    SELECT uuid_floor(asked_at) INTO STRICT moment FROM erasures WHERE id = erasure;
    SELECT array_agg(found.id) INTO ids FROM (
        SELECT e.id FROM erasure_scope s JOIN message_events e ON e.conversation_id = s.id WHERE s.erasure_id = erasure AND s.kind = 'conversation'
        UNION ALL
        SELECT e.id FROM erasure_scope s JOIN message_events e -- of no chat, such as an entry of an address book
          ON e.channel_account_id = s.channel_account_id AND e.conversation_id IS NULL AND e.state = 'processed'
         AND (position(s.value IN e.content::text) > 0 OR position(convert_to(s.value, 'UTF8') IN e.raw) > 0)
        WHERE s.erasure_id = erasure AND s.kind = 'identity'
        UNION ALL
        SELECT e.id FROM erasure_scope s JOIN message_events e
          ON e.channel_account_id = s.channel_account_id AND e.state = 'stored' AND e.thread = s.value
         AND e.lane = ANY (ARRAY(SELECT 'bulk/' || n FROM generate_series(0, 15) n) || ('live/' || s.value))
        WHERE s.erasure_id = erasure AND s.kind = 'thread' AND e.webhook_log_id < moment
        UNION ALL
        SELECT e.id FROM erasure_scope s JOIN message_events e
          ON e.channel_account_id = s.channel_account_id AND e.state = 'dead'
         AND (e.thread = s.value OR position(convert_to(s.value, 'UTF8') IN e.raw) > 0)
        WHERE s.erasure_id = erasure AND s.value IS NOT NULL AND e.webhook_log_id < moment
        LIMIT most
    ) AS found;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM entomb(array_agg(e.channel_account_id || '/' || e.kind || '/' || e.key), NULL)
    FROM message_events e WHERE e.id = ANY (ids) AND e.received_at > now() - interval '35 days';
    DELETE FROM message_statuses s WHERE s.id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'receipts', number);
    DELETE FROM message_events e WHERE e.id = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'events', number);
    RETURN number;
END
$$;
-- +goose StatementEnd

-- What the person did in one group besides writing: reactions, receipts, and events that name them. place is the group before; returns this one, or null
-- after the last.
-- +goose StatementBegin
CREATE FUNCTION erase_in_group(erasure uuid, place uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    chat   conversations;
    ids    text[];
    named  uuid[];
    number bigint;
BEGIN
    SELECT c.* INTO chat FROM conversations c
    WHERE c.contact_id IS NULL AND c.id > place
      AND c.channel_account_id IN (SELECT s.channel_account_id FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'identity')
      AND NOT EXISTS (SELECT FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'conversation' AND s.id = c.id)
    ORDER BY c.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    ids := ARRAY(SELECT s.value FROM erasure_scope s
                 WHERE s.erasure_id = erasure AND s.kind = 'identity' AND s.channel_account_id = chat.channel_account_id);
    UPDATE messages m SET reactions = nullif(m.reactions::jsonb - ids, '{}')::json
    WHERE m.conversation_id = chat.id AND m.reactions IS NOT NULL AND m.reactions::jsonb ?| ids;
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'reactions', number);
    DELETE FROM message_statuses s USING messages m
    WHERE m.conversation_id = chat.id AND s.channel_account_id = m.channel_account_id AND s.external_id = m.external_id AND s.recipient = ANY (ids);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'receipts', number);
    named := ARRAY(SELECT e.id FROM message_events e WHERE e.conversation_id = chat.id AND EXISTS (
        SELECT FROM unnest(ids) AS one
        WHERE position(to_json(one)::text IN e.content::text) > 0 OR position(convert_to(to_json(one)::text, 'UTF8') IN e.raw) > 0
    ));
    PERFORM entomb(array_agg(e.channel_account_id || '/' || e.kind || '/' || e.key), NULL) FROM message_events e WHERE e.id = ANY (named);
    DELETE FROM message_statuses s WHERE s.id = ANY (named);
    DELETE FROM message_events e WHERE e.id = ANY (named);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'events', number);
    RETURN chat.id;
END
$$;
-- +goose StatementEnd

-- What subscribers were told, and are to be told yet, of an erasure's people and conversations: of the events behind a place so many are looked at.
-- Returns the place of the last, or null after the last one. That somebody is erased stays: it has only ids.
-- +goose StatementBegin
CREATE FUNCTION erase_told(erasure uuid, place text, most integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at     timestamptz := coalesce(nullif(split_part(place, ' ', 1), '')::timestamptz, '-infinity');
    latest uuid := coalesce(nullif(split_part(place, ' ', 2), '')::uuid, '00000000-0000-0000-0000-000000000000');
    ids    uuid[];
    last   subscription_events;
    number bigint;
BEGIN
    ids := ARRAY(SELECT e.id FROM subscription_events e WHERE e.created_at >= at AND (e.created_at, e.id) > (at, latest) ORDER BY e.created_at, e.id LIMIT most);
    IF cardinality(ids) = 0 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO last FROM subscription_events e WHERE e.id = ids[cardinality(ids)];
    DELETE FROM subscription_events e
    WHERE e.id = ANY (ids) AND e.type NOT LIKE '%.erased' AND EXISTS (
        SELECT FROM erasure_scope s
        WHERE s.erasure_id = erasure AND s.id IS NOT NULL
          AND s.id::text IN (e.data -> 'conversation' ->> 'id', e.data -> 'contact' ->> 'id')
        UNION ALL
        SELECT FROM erasure_scope s -- in what is told of a group, or of no chat
        WHERE s.erasure_id = erasure AND s.kind = 'identity' AND position(to_json(s.value)::text IN e.data::text) > 0
    );
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'subscription_events', number);
    RETURN to_char(last.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || last.id;
END
$$;
-- +goose StatementEnd

-- Entries of the feed about an erasure's people and conversations, in the same way.
-- +goose StatementBegin
CREATE FUNCTION erase_from_feed(erasure uuid, place text, most integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at     xid8 := coalesce(nullif(split_part(place, ' ', 1), '')::xid8, '0');
    number bigint := coalesce(nullif(split_part(place, ' ', 2), '')::bigint, 0);
    last   feed;
BEGIN
    SELECT piece.* INTO last FROM (
        SELECT f.* FROM feed f WHERE (f.xid, f.seq) > (at, number) ORDER BY f.xid, f.seq LIMIT most
    ) AS piece ORDER BY piece.xid DESC, piece.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM feed f
    WHERE (f.xid, f.seq) > (at, number) AND (f.xid, f.seq) <= (last.xid, last.seq) AND f.kind <> 'feed.start' AND f.kind NOT LIKE '%.erased'
      AND EXISTS (SELECT FROM erasure_scope s WHERE s.erasure_id = erasure AND s.id IN (f.conversation_id, f.event_id));
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'feed', number);
    RETURN last.xid || ' ' || last.seq;
END
$$;
-- +goose StatementEnd

-- Logged webhooks whose bytes hold an id of an erasure's person, in the same way: they are noted as leftovers.
-- +goose StatementBegin
CREATE FUNCTION find_in_webhooks(erasure uuid, place uuid, most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ids uuid[];
BEGIN
    ids := ARRAY(SELECT w.id FROM webhook_logs w WHERE w.id > place ORDER BY w.id LIMIT most);
    INSERT INTO erasure_leftovers (webhook_log_id, erasure_id)
    SELECT w.id, erasure FROM webhook_logs w
    WHERE w.id = ANY (ids) AND EXISTS (
        SELECT FROM erasure_scope s WHERE s.erasure_id = erasure AND s.value IS NOT NULL AND position(convert_to(s.value, 'UTF8') IN w.body) > 0
    )
    ON CONFLICT DO NOTHING;
    RETURN ids[cardinality(ids)];
END
$$;
-- +goose StatementEnd

-- Leaves some events in the bytes of a leftover: the body of one, and for each of the others a webhook of its own, which is what brought their rows from
-- then on. The bytes are not those that were signed any more, so the headers are given anew.
-- +goose StatementBegin
CREATE FUNCTION rewrite_leftover(
    webhook uuid, new_headers json, new_body bytea, left_in_body integer, ids uuid[], bodies bytea[], accounts uuid[], kinds text[], keys text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    leftover erasure_leftovers;
    n        integer;
BEGIN
    DELETE FROM erasure_leftovers l WHERE l.webhook_log_id = webhook RETURNING * INTO leftover;
    IF NOT FOUND THEN
        RETURN; -- somebody else was first
    END IF;
    FOR n IN 1..coalesce(cardinality(ids), 0) LOOP
        INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events, received_at, erased_at)
        SELECT ids[n], w.channel, w.credential_account, w.request_id, new_headers, bodies[n], 1, w.received_at, now() FROM webhook_logs w WHERE w.id = webhook;
        IF kinds[n] = 'message' THEN
            UPDATE messages m SET webhook_log_id = ids[n] WHERE m.webhook_log_id = webhook AND m.channel_account_id = accounts[n] AND m.external_id = keys[n];
        ELSE
            UPDATE message_events e SET webhook_log_id = ids[n]
            WHERE e.webhook_log_id = webhook AND e.channel_account_id = accounts[n] AND e.kind = kinds[n] AND e.key = keys[n];
        END IF;
    END LOOP;
    UPDATE webhook_logs SET headers = new_headers, body = new_body, events = left_in_body, parse_error = NULL, erased_at = now() WHERE id = webhook;
    PERFORM count_erased(leftover.erasure_id, 'webhooks', 1);
END
$$;
-- +goose StatementEnd

-- Notes that a leftover holds nothing that is erased.
-- +goose StatementBegin
CREATE FUNCTION keep_leftover(webhook uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM erasure_leftovers WHERE webhook_log_id = webhook
$$;
-- +goose StatementEnd

-- Leaves what is not erased of a dead job: a body, or nothing (null), and it goes.
-- +goose StatementBegin
CREATE FUNCTION rewrite_dead_job(job uuid, new_body text, erasure uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF new_body IS NULL THEN
        DELETE FROM dead_jobs USING erasure_dead_jobs e WHERE dead_jobs.id = job AND e.id = job;
    ELSE
        UPDATE dead_jobs SET body = new_body FROM erasure_dead_jobs e WHERE dead_jobs.id = job AND e.id = job;
    END IF;
    IF FOUND THEN
        PERFORM count_erased(erasure, 'dead_jobs', 1);
    END IF;
END
$$;
-- +goose StatementEnd

-- Jobs name a lane, and that the thread. Those of an erasure's threads that were made before it go, in the same way in the order of their ids.
-- +goose StatementBegin
CREATE FUNCTION erase_jobs(erasure uuid, place uuid, most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ids    uuid[];
    number bigint;
BEGIN
    ids := ARRAY(
        SELECT q.id FROM queue_logs q
        WHERE q.id > place AND q.id < (SELECT uuid_floor(e.asked_at) FROM erasures e WHERE e.id = erasure) ORDER BY q.id LIMIT most
    );
    DELETE FROM queue_logs q USING erasure_scope s
    WHERE q.id = ANY (ids) AND s.erasure_id = erasure AND s.kind = 'thread' AND q.channel_account_id = s.channel_account_id AND q.lane = 'live/' || s.value;
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'jobs', number);
    RETURN ids[cardinality(ids)];
END
$$;
-- +goose StatementEnd

-- The last step: the conversations, the people, and what the erasure itself knew of them. False: something was written into a conversation
-- meanwhile, and the erasure has to begin again.
-- +goose StatementBegin
CREATE FUNCTION end_erasure(erasure uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    people uuid[] := ARRAY(SELECT s.id FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'contact');
    chats  uuid[] := ARRAY(SELECT s.id FROM erasure_scope s WHERE s.erasure_id = erasure AND s.kind = 'conversation');
    number bigint;
BEGIN
    PERFORM FROM conversations c WHERE c.id = ANY (chats) OR c.contact_id = ANY (people) ORDER BY c.id FOR UPDATE;
    IF EXISTS (SELECT FROM messages m WHERE m.conversation_id = ANY (chats) OR m.contact_id = ANY (people))
       OR EXISTS (SELECT FROM message_events e WHERE e.conversation_id = ANY (chats)) THEN
        RETURN false;
    END IF;
    PERFORM count_erased(erasure, 'notes', count(*)) FROM notes n WHERE n.conversation_id = ANY (chats);
    PERFORM count_erased(erasure, 'audit_entries', count(*)) FROM audit_log l WHERE l.conversation_id = ANY (chats);
    PERFORM count_erased(erasure, 'conversations', remove_conversations(chats));
    UPDATE audit_log SET detail = '{}'
    WHERE action IN ('contact.edited', 'contact.merged') AND object IN (SELECT unnest(people)::text);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'audit_entries', number);
    UPDATE contacts SET merged_into = NULL WHERE id = ANY (people);
    DELETE FROM contacts WHERE id = ANY (people);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM count_erased(erasure, 'contacts', number);
    DELETE FROM erasure_scope WHERE erasure_id = erasure;
    UPDATE erasures SET state = 'done', finished_at = now(), place = '' WHERE id = erasure;
    RETURN true;
END
$$;
-- +goose StatementEnd

-- Drops an event that a tombstone stands for, with the job that ends with it, if one does, and other jobs of its chat to which nothing is left to do: they
-- name it. Notes that its webhook holds it.
-- +goose StatementBegin
CREATE FUNCTION drop_erased(row_id uuid, job uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    account uuid;
    chat    text;
    webhook uuid;
BEGIN
    SELECT found.* INTO account, chat, webhook FROM (
        SELECT m.channel_account_id, m.lane, m.webhook_log_id FROM messages m WHERE m.id = row_id AND m.state = 'stored'
        UNION ALL
        SELECT e.channel_account_id, e.lane, e.webhook_log_id FROM message_events e WHERE e.id = row_id AND e.state = 'stored'
    ) AS found;
    IF webhook IS NOT NULL THEN
        INSERT INTO erasure_leftovers (webhook_log_id) VALUES (webhook) ON CONFLICT DO NOTHING;
    END IF;
    DELETE FROM messages m WHERE m.id = row_id AND m.state = 'stored';
    DELETE FROM message_events e WHERE e.id = row_id AND e.state = 'stored';
    DELETE FROM queue_logs q WHERE q.id = job;
    DELETE FROM queue_logs q
    WHERE q.closed_at IS NULL AND q.channel_account_id = account AND q.lane = chat AND chat LIKE 'live/%'
      AND NOT EXISTS (
        SELECT FROM messages m WHERE m.channel_account_id = account AND m.lane = chat AND m.state = 'stored' AND m.seq <= q.up_to_seq
        UNION ALL
        SELECT FROM message_events e WHERE e.channel_account_id = account AND e.lane = chat AND e.state = 'stored' AND e.seq <= q.up_to_seq
      );
END
$$;
-- +goose StatementEnd

-- Retention. Each function looks at so many rows behind a place, in the order of their ids, which is that of time; deletes those of some accounts that are
-- older than a moment and that nobody needs any more; and returns {"last": the last id looked at, or null after the end; "held": the first that had to
-- stay, or null; "removed": how many of each kind of thing went}.

-- +goose StatementBegin
CREATE FUNCTION expire_messages(accounts uuid[], older_than timestamptz, place uuid, most integer) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last  uuid;
    held  uuid;
    ids   uuid[];
    chats uuid[];
    done  jsonb := '{}';
BEGIN
    WITH piece AS MATERIALIZED (
        SELECT m.id, m.channel_account_id, m.state, m.conversation_id FROM messages m
        WHERE m.id > place AND m.id < uuid_floor(older_than) ORDER BY m.id LIMIT most
    ), judged AS (
        SELECT piece.*, piece.state = 'processed' AND NOT EXISTS (SELECT FROM sends s WHERE s.message_id = piece.id AND s.state <> 'done') AS free
        FROM piece WHERE piece.channel_account_id = ANY (accounts)
    )
    SELECT (SELECT id FROM piece ORDER BY id DESC LIMIT 1), (SELECT id FROM judged WHERE NOT free ORDER BY id LIMIT 1),
           ARRAY(SELECT id FROM judged WHERE free), ARRAY(SELECT DISTINCT conversation_id FROM judged WHERE free AND conversation_id IS NOT NULL)
    INTO last, held, ids, chats;
    IF cardinality(ids) > 0 THEN
        done := remove_messages(ids, false) || remove_silent(chats, older_than);
    END IF;
    RETURN json_build_object('last', last, 'held', held, 'removed', done);
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION expire_message_events(accounts uuid[], older_than timestamptz, place uuid, most integer) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last   uuid;
    held   uuid;
    ids    uuid[];
    chats  uuid[];
    number bigint;
    done   jsonb := '{}';
BEGIN
    WITH piece AS MATERIALIZED (
        SELECT e.id, e.channel_account_id, e.state, e.conversation_id FROM message_events e
        WHERE e.id > place AND e.id < uuid_floor(older_than) ORDER BY e.id LIMIT most
    ), judged AS (
        SELECT piece.* FROM piece WHERE piece.channel_account_id = ANY (accounts)
    )
    SELECT (SELECT id FROM piece ORDER BY id DESC LIMIT 1), (SELECT id FROM judged WHERE state <> 'processed' ORDER BY id LIMIT 1),
           ARRAY(SELECT id FROM judged WHERE state = 'processed'),
           ARRAY(SELECT DISTINCT conversation_id FROM judged WHERE state = 'processed' AND conversation_id IS NOT NULL)
    INTO last, held, ids, chats;
    IF cardinality(ids) > 0 THEN
        DELETE FROM message_statuses s WHERE s.id = ANY (ids);
        GET DIAGNOSTICS number = ROW_COUNT;
        done := jsonb_build_object('receipts', number);
        DELETE FROM message_events e WHERE e.id = ANY (ids);
        GET DIAGNOSTICS number = ROW_COUNT;
        done := done || jsonb_build_object('events', number) || remove_silent(chats, older_than);
    END IF;
    RETURN json_build_object('last', last, 'held', held, 'removed', done);
END
$$;
-- +goose StatementEnd

-- Removes those of some conversations of which nothing is left, with the people of whom no conversation is left; what was touched since a moment
-- stays.
-- +goose StatementBegin
CREATE FUNCTION remove_silent(chats uuid[], since timestamptz) RETURNS jsonb
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    silent uuid[];
    people uuid[];
    counts jsonb;
    number bigint;
BEGIN
    WITH locked AS ( -- in the order of their ids, as everybody takes them; who is at work on one keeps it
        SELECT c.id, c.contact_id FROM conversations c
        WHERE c.id = ANY (chats) AND c.updated_at < since
          AND NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id)
          AND NOT EXISTS (SELECT FROM message_events e WHERE e.conversation_id = c.id)
          AND NOT EXISTS (SELECT FROM conversations o WHERE o.merged_into = c.id)
        ORDER BY c.id FOR UPDATE SKIP LOCKED
    )
    SELECT ARRAY(SELECT id FROM locked), ARRAY(SELECT DISTINCT contact_id FROM locked WHERE contact_id IS NOT NULL) INTO silent, people;
    counts := jsonb_build_object('conversations', remove_conversations(silent));
    people := ARRAY(
        SELECT c.id FROM contacts c
        WHERE c.id = ANY (people) AND c.updated_at < since
          AND NOT EXISTS (SELECT FROM conversations o WHERE o.contact_id = c.id)
          AND NOT EXISTS (SELECT FROM messages m WHERE m.contact_id = c.id)
          AND NOT EXISTS (SELECT FROM contacts o WHERE o.merged_into = c.id)
        ORDER BY c.id FOR UPDATE SKIP LOCKED
    );
    UPDATE audit_log SET detail = '{}' WHERE action IN ('contact.edited', 'contact.merged') AND object IN (SELECT unnest(people)::text);
    DELETE FROM contact_identities WHERE contact_id = ANY (people);
    DELETE FROM contacts WHERE id = ANY (people);
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN counts || jsonb_build_object('contacts', number);
END
$$;
-- +goose StatementEnd

-- The bytes of files go, and their messages stay: they say since when there is no file.
-- +goose StatementBegin
CREATE FUNCTION expire_files(accounts uuid[], older_than timestamptz, place uuid, most integer) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last   uuid;
    held   uuid;
    number bigint;
BEGIN
    SELECT max(piece.id::text)::uuid, min(piece.id::text) FILTER (WHERE piece.state = 'waiting' AND piece.mine)::uuid INTO last, held FROM (
        SELECT f.id, f.state, (SELECT m.channel_account_id FROM messages m WHERE m.id = f.message_id) = ANY (accounts) AS mine FROM files f
        WHERE f.id > place AND f.id < uuid_floor(older_than) ORDER BY f.id LIMIT most
    ) AS piece;
    WITH old AS MATERIALIZED (
        SELECT f.id, f.key FROM files f JOIN messages m ON m.id = f.message_id
        WHERE f.id > place AND f.id <= last AND f.state = 'stored' AND m.channel_account_id = ANY (accounts)
    ), doomed AS (
        INSERT INTO doomed_objects (key) SELECT DISTINCT old.key FROM old WHERE old.key IS NOT NULL
        ON CONFLICT (key) DO UPDATE SET due_at = now(), deleted_at = NULL
    )
    UPDATE files SET state = 'gone', key = NULL, reason = 'It was kept for as long as files of this channel are, and deleted then.', settled_at = now()
    FROM old WHERE files.id = old.id;
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN json_build_object('last', last, 'held', held, 'removed', json_build_object('files', number));
END
$$;
-- +goose StatementEnd

-- Raw webhooks of channels that keep theirs for a shorter time than the longest, after which partitions go as a whole.
-- +goose StatementBegin
CREATE FUNCTION expire_webhooks(of_channels text[], older_than timestamptz, place uuid, most integer) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last   uuid;
    held   uuid;
    number bigint;
BEGIN
    WITH piece AS MATERIALIZED (
        SELECT w.id, w.channel FROM webhook_logs w WHERE w.id > place AND w.id < uuid_floor(older_than) ORDER BY w.id LIMIT most
    ), judged AS MATERIALIZED (
        SELECT piece.id, EXISTS (SELECT FROM messages m WHERE m.webhook_log_id = piece.id AND m.state <> 'processed')
            OR EXISTS (SELECT FROM message_events e WHERE e.webhook_log_id = piece.id AND e.state <> 'processed') AS open
        FROM piece WHERE piece.channel = ANY (of_channels)
    ), gone AS (
        DELETE FROM webhook_logs w USING judged WHERE w.id = judged.id AND NOT judged.open RETURNING w.id
    )
    SELECT (SELECT id FROM piece ORDER BY id DESC LIMIT 1), (SELECT id FROM judged WHERE open ORDER BY id LIMIT 1), (SELECT count(*) FROM gone)
    INTO last, held, number;
    RETURN json_build_object('last', last, 'held', held, 'removed', json_build_object('webhooks', number));
END
$$;
-- +goose StatementEnd

-- What subscribers were told of channels that keep this for a shorter time than the longest. place is behind an event: its time and id.
-- +goose StatementBegin
CREATE FUNCTION expire_told(of_channels text[], older_than timestamptz, place text, most integer) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at     timestamptz := coalesce(nullif(split_part(place, ' ', 1), '')::timestamptz, '-infinity');
    latest uuid := coalesce(nullif(split_part(place, ' ', 2), '')::uuid, '00000000-0000-0000-0000-000000000000');
    ids    uuid[];
    last   subscription_events;
    number bigint;
BEGIN
    ids := ARRAY(
        SELECT e.id FROM subscription_events e
        WHERE e.created_at >= at AND e.created_at < older_than AND (e.created_at, e.id) > (at, latest) ORDER BY e.created_at, e.id LIMIT most
    );
    IF cardinality(ids) = 0 THEN
        RETURN json_build_object('last', NULL, 'held', NULL, 'removed', '{}'::json);
    END IF;
    SELECT * INTO last FROM subscription_events e WHERE e.id = ids[cardinality(ids)];
    DELETE FROM subscription_events e
    WHERE e.id = ANY (ids) AND e.data ->> 'channel' = ANY (of_channels)
      AND NOT EXISTS (SELECT FROM deliveries d WHERE d.event_id = e.id AND d.state IN ('waiting', 'under_way'));
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN json_build_object('last', to_char(last.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || last.id, 'held', NULL,
        'removed', json_build_object('subscription_events', number));
END
$$;
-- +goose StatementEnd

-- Dead letters that nobody has cared for, at most so many; returns how many went.
-- +goose StatementBegin
CREATE FUNCTION expire_dead(accounts uuid[], older_than timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number integer;
    total  integer;
BEGIN
    total := (remove_messages(ARRAY(
        SELECT m.id FROM messages m WHERE m.state = 'dead' AND m.processed_at < older_than AND m.channel_account_id = ANY (accounts) LIMIT most
    ), false) ->> 'messages')::integer;
    DELETE FROM message_events WHERE id IN (
        SELECT e.id FROM message_events e
        WHERE e.state = 'dead' AND e.processed_at < older_than AND e.channel_account_id = ANY (accounts) LIMIT most - total
    );
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN total + number;
END
$$;
-- +goose StatementEnd

-- Everything above is done by these functions alone; nobody may delete what is not past its retention or in the scope of an erasure.
REVOKE EXECUTE ON FUNCTION erased_names(text[], uuid), entomb(text[], timestamptz), count_erased(uuid, text, bigint), remove_messages(uuid[], boolean),
    remove_conversations(uuid[]), remove_silent(uuid[], timestamptz), begin_erasure(uuid, uuid), erase_messages(uuid, integer), erase_events(uuid, integer),
    erase_in_group(uuid, uuid), erase_told(uuid, text, integer), erase_from_feed(uuid, text, integer), erase_jobs(uuid, uuid, integer),
    find_in_webhooks(uuid, uuid, integer), rewrite_leftover(uuid, json, bytea, integer, uuid[], bytea[], uuid[], text[], text[]), keep_leftover(uuid),
    rewrite_dead_job(uuid, text, uuid), end_erasure(uuid), drop_erased(uuid, uuid), expire_messages(uuid[], timestamptz, uuid, integer), expire_message_events(uuid[], timestamptz, uuid, integer),
    expire_files(uuid[], timestamptz, uuid, integer), expire_webhooks(text[], timestamptz, uuid, integer), expire_told(text[], timestamptz, text, integer),
    expire_dead(uuid[], timestamptz, integer) FROM PUBLIC;

GRANT SELECT, INSERT ON erasures TO omni_api;
GRANT SELECT ON erasure_scope TO omni_processor;
GRANT EXECUTE ON FUNCTION begin_erasure(uuid, uuid) TO omni_api;

GRANT SELECT, UPDATE (step, place, due_at, attempt, removed) ON erasures TO omni_processor, omni_sweeper;
GRANT UPDATE (identities) ON erasures TO omni_processor;
GRANT SELECT ON erasure_webhooks, erasure_dead_jobs, objects_to_delete TO omni_processor, omni_sweeper;
GRANT SELECT, UPDATE, DELETE ON doomed_objects TO omni_processor, omni_sweeper;
GRANT INSERT ON doomed_objects TO omni_processor;
GRANT EXECUTE ON FUNCTION rewrite_leftover(uuid, json, bytea, integer, uuid[], bytea[], uuid[], text[], text[]), keep_leftover(uuid),
    rewrite_dead_job(uuid, text, uuid) TO omni_processor, omni_sweeper;
GRANT EXECUTE ON FUNCTION erased_names(text[], uuid) TO omni_processor, omni_sweeper, omni_api;
GRANT EXECUTE ON FUNCTION erase_messages(uuid, integer), erase_events(uuid, integer), erase_in_group(uuid, uuid), erase_told(uuid, text, integer),
    erase_from_feed(uuid, text, integer), erase_jobs(uuid, uuid, integer), find_in_webhooks(uuid, uuid, integer), end_erasure(uuid), drop_erased(uuid, uuid)
    TO omni_processor;
GRANT EXECUTE ON FUNCTION expire_messages(uuid[], timestamptz, uuid, integer), expire_message_events(uuid[], timestamptz, uuid, integer),
    expire_files(uuid[], timestamptz, uuid, integer), expire_webhooks(text[], timestamptz, uuid, integer), expire_told(text[], timestamptz, text, integer),
    expire_dead(uuid[], timestamptz, integer) TO omni_sweeper;
GRANT SELECT (expires_at), DELETE ON erasure_tombstones TO omni_sweeper;
GRANT SELECT (noted_at), DELETE ON erasure_leftovers TO omni_sweeper;
GRANT SELECT, INSERT, UPDATE ON retention_progress TO omni_sweeper;
GRANT SELECT (id, died_at), DELETE ON dead_jobs TO omni_sweeper;

-- +goose Down
REVOKE ALL ON dead_jobs FROM omni_sweeper;
DROP FUNCTION expire_dead, expire_told, expire_webhooks, expire_files, remove_silent, expire_message_events, expire_messages, drop_erased, end_erasure,
    erase_jobs, rewrite_dead_job, keep_leftover, rewrite_leftover, find_in_webhooks, erase_from_feed, erase_told, erase_in_group, erase_events,
    erase_messages, begin_erasure, remove_conversations, remove_messages, count_erased, entomb, erased_names;
DROP VIEW objects_to_delete, erasure_dead_jobs, erasure_webhooks;
DROP INDEX audit_log_contact, dead_jobs_died, files_key, message_events_of_no_chat, conversations_merged_into, messages_contact;
ALTER TABLE webhook_logs DROP COLUMN erased_at;
DROP TABLE retention_progress, doomed_objects, erasure_leftovers, erasure_key, erasure_tombstones, erasure_scope, erasures;
