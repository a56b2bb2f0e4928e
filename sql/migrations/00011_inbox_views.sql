-- What the dashboard reads: lists along indexes, histories, what was said somewhere; and what agents add to contacts and messages.

-- +goose Up

-- A message of ours knows the agent who wrote it, and the failed one that it tries again.
ALTER TABLE messages
    ADD COLUMN author_id uuid REFERENCES agents (id),  -- null: no agent; author says who
    ADD COLUMN retry_of  uuid REFERENCES messages (id); -- null: it is the first try
CREATE UNIQUE INDEX messages_retry_of ON messages (retry_of) WHERE retry_of IS NOT NULL; -- each is tried again once; what fails then has its own turn

-- What agents know better than the platform, which goes on refreshing the columns of its own underneath.
ALTER TABLE contacts
    ADD COLUMN edited_name     text,
    ADD COLUMN edited_phone    text,
    ADD COLUMN edited_language text,
    ADD COLUMN email           text,           -- no platform shows one
    ADD COLUMN about           text;           -- free words

-- A history is read by time: the platform's, or ours where it gives none.
DROP INDEX messages_conversation;
CREATE INDEX messages_conversation ON messages (conversation_id, coalesce(occurred_at, received_at) DESC, seq DESC);
CREATE INDEX message_events_system ON message_events (conversation_id, coalesce(occurred_at, received_at) DESC, seq DESC)
    WHERE kind = 'system' AND state = 'processed' AND conversation_id IS NOT NULL;
CREATE INDEX sends_conversation ON sends (conversation_id, seq DESC);

-- Lists of conversations. Every one of them ends with the same two columns, so that a page is a piece of an index wherever it begins.
CREATE INDEX conversations_account ON conversations (channel_account_id, status, last_message_at DESC, id)
    WHERE merged_into IS NULL AND last_message_at IS NOT NULL;
CREATE INDEX conversations_unread ON conversations (assignee_id, status, last_message_at DESC, id)
    WHERE merged_into IS NULL AND last_message_at IS NOT NULL AND unread_count > 0;

-- A label knows of its conversations what their lists are ordered by.
ALTER TABLE conversation_labels
    ADD COLUMN status          text,
    ADD COLUMN last_message_at timestamptz;
CREATE INDEX conversation_labels_list ON conversation_labels (label_id, status, last_message_at DESC, conversation_id);
DROP INDEX conversation_labels_label;

-- +goose StatementBegin
CREATE FUNCTION follow_conversation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE conversation_labels SET status = NEW.status, last_message_at = NEW.last_message_at WHERE conversation_id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER conversation_labels_follow AFTER UPDATE OF status, last_message_at ON conversations
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.last_message_at IS DISTINCT FROM NEW.last_message_at)
    EXECUTE FUNCTION follow_conversation();

-- Search. The words of a message stand together with the block of 32,768 numbers that its own lies in: a search goes from the newest block to the
-- oldest, and ends where it has enough, so that a word that everybody uses costs no more than a rare one. The index is kept up to date at once
-- (fastupdate = off): a list of pending entries would be read again for each block.
CREATE FUNCTION message_words(said text, number bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, left(said, 20000)) || array_to_tsvector(ARRAY['#' || (number >> 15)::text]);
CREATE INDEX messages_words ON messages USING gin (message_words(text, seq)) WITH (fastupdate = off)
    WHERE state = 'processed' AND conversation_id IS NOT NULL AND text IS NOT NULL;

-- The words of a contact: names, address, and the phone number from both of its ends, since people search for the last digits.
CREATE FUNCTION contact_words(name text, username text, phone text, email text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, coalesce(name, '') || ' ' || coalesce(username, '') || ' ' || coalesce(email, ''))
    || CASE WHEN phone ~ '[0-9]' THEN array_to_tsvector(ARRAY[
        '+' || regexp_replace(phone, '[^0-9]', '', 'g'), '-' || reverse(regexp_replace(phone, '[^0-9]', '', 'g'))])
    ELSE ''::tsvector END;
CREATE INDEX contacts_words ON contacts
    USING gin (contact_words(coalesce(edited_name, name), username, coalesce(edited_phone, phone), email)) WHERE merged_into IS NULL;

CREATE INDEX conversations_title ON conversations USING gin (to_tsvector('pg_catalog.simple'::regconfig, title))
    WHERE merged_into IS NULL AND last_message_at IS NOT NULL AND title IS NOT NULL;

-- What somebody types, as a question to these: all words, the last of which need not be whole. Null: there is no word in it.
CREATE FUNCTION search_words(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (nullif(plainto_tsquery('pg_catalog.simple'::regconfig, typed)::text, '') || ':*')::tsquery;

-- The same for contacts. What looks like a phone number is looked for as one too: from its beginning, or, without the zeros that are dialled before
-- it, from its end.
CREATE FUNCTION search_contacts(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN typed ~ '^[-+0-9 ()/.]*$' AND length(regexp_replace(typed, '[^0-9]', '', 'g')) >= 3 AND typed ~ '[1-9]' THEN
        search_words(typed)
        || ('''+' || ltrim(regexp_replace(typed, '[^0-9]', '', 'g'), '0') || ''':*')::tsquery
        || ('''-' || reverse(ltrim(regexp_replace(typed, '[^0-9]', '', 'g'), '0')) || ''':*')::tsquery
    ELSE search_words(typed)
END;

-- Deletes changes from the feed that were written before a moment, of its oldest so many, and returns how many. The last of them stays as feed.start:
-- a cursor before it may have missed something, one behind it has not.
-- +goose StatementBegin
CREATE FUNCTION expire_feed(older_than timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    start   feed;
    deleted integer;
BEGIN
    SELECT oldest.* INTO start
    FROM (SELECT * FROM feed ORDER BY xid, seq LIMIT most) AS oldest
    WHERE oldest.created_at < older_than
    ORDER BY oldest.xid DESC, oldest.seq DESC
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    DELETE FROM feed WHERE (xid, seq) < (start.xid, start.seq);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    UPDATE feed SET kind = 'feed.start', conversation_id = NULL, message_id = NULL, event_id = NULL
    WHERE xid = start.xid AND seq = start.seq AND kind <> 'feed.start';
    RETURN deleted;
END
$$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION expire_feed(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_feed(timestamptz, integer) TO omni_sweeper;

-- Subscribers are told of notes and contacts as well, and of what agents did with a conversation. What concerns dashboards alone they are not told.
-- feed.event_id is the id of whatever a change is about: an event of the platform, a subscription, a note, a contact.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tell_subscribers() RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    waiting uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM subscriptions) THEN
        RETURN '{}'; -- the rest takes much longer, even to find nothing
    END IF;
    WITH change AS (
        SELECT DISTINCT ON (f.kind, f.conversation_id, f.message_id, f.event_id)
               gen_random_uuid() AS id, f.seq, f.kind, f.created_at, f.conversation_id, f.message_id, f.event_id
        FROM feed f
        WHERE f.xid = pg_current_xact_id_if_assigned()
          AND split_part(f.kind, '.', 1) IN ('message', 'conversation', 'event', 'note', 'contact', 'subscription')
        ORDER BY f.kind, f.conversation_id, f.message_id, f.event_id, f.seq DESC
    ), known AS (
        SELECT change.*, a.channel, a.external_id AS account
        FROM change
        LEFT JOIN messages m ON m.id = change.message_id
        LEFT JOIN message_events e ON e.id = change.event_id
        LEFT JOIN conversations c ON c.id = change.conversation_id
        LEFT JOIN channel_accounts a ON a.id = coalesce(m.channel_account_id, e.channel_account_id, c.channel_account_id)
    ), wanted AS (
        SELECT known.id, known.seq, s.id AS subscription_id, s.state
        FROM known JOIN subscriptions s
          ON (cardinality(s.types) = 0 OR known.kind = ANY (s.types) OR split_part(known.kind, '.', 1) || '.*' = ANY (s.types))
         AND (cardinality(s.channels) = 0 OR known.channel = ANY (s.channels))
    ), event AS (
        INSERT INTO subscription_events (id, type, sequence, created_at, data)
        SELECT known.id, known.kind, known.seq, known.created_at, json_strip_nulls(json_build_object(
            'channel', known.channel,
            'account', known.account,
            'conversation', CASE WHEN c.id IS NOT NULL THEN json_build_object(
                'id', c.id, 'thread', c.thread, 'title', c.title, 'status', c.status, 'snoozed_until', c.snoozed_until,
                'assignee', CASE WHEN g.id IS NOT NULL THEN json_build_object('id', g.id, 'name', g.name) END,
                'labels', (SELECT json_agg(l.name ORDER BY lower(l.name)) FROM conversation_labels cl JOIN labels l ON l.id = cl.label_id
                           WHERE cl.conversation_id = c.id),
                'unread_count', c.unread_count,
                'last_message_at', c.last_message_at, 'last_inbound_at', c.last_inbound_at, 'waiting_since', c.waiting_since,
                'window_expires_at', c.window_expires_at,
                'delivered_until', c.delivered_until, 'read_until', c.read_until, 'merged_into', c.merged_into) END,
            'contact', CASE WHEN p.id IS NOT NULL THEN json_build_object(
                'id', p.id, 'name', coalesce(p.edited_name, p.name), 'username', p.username, 'phone', coalesce(p.edited_phone, p.phone),
                'email', p.email, 'language', coalesce(p.edited_language, p.language), 'merged_into', p.merged_into) END,
            'message', CASE WHEN m.id IS NOT NULL THEN json_build_object(
                'id', m.id, 'external_id', m.external_id, 'direction', m.direction, 'type', m.type, 'text', m.text,
                'content', CASE WHEN m.deleted_at IS NULL THEN coalesce(m.edited, m.content) END, 'reactions', m.reactions,
                'author', m.author, 'status', m.status, 'error_code', m.error_code, 'error_reason', m.error_reason,
                'history', m.history, 'occurred_at', m.occurred_at, 'edited_at', m.edited_at, 'deleted_at', m.deleted_at,
                'merged_into', m.merged_into) END,
            'note', CASE WHEN n.id IS NOT NULL THEN json_build_object(
                'id', n.id, 'text', n.text, 'author', (SELECT w.name FROM agents w WHERE w.id = n.agent_id), 'created_at', n.created_at,
                'edited_at', n.edited_at, 'deleted_at', n.deleted_at) END,
            'event', CASE WHEN e.id IS NOT NULL THEN json_build_object(
                'id', e.id, 'kind', e.kind, 'content', e.content, 'occurred_at', e.occurred_at) END,
            'subscription', CASE WHEN o.id IS NOT NULL THEN json_build_object(
                'id', o.id, 'url', o.url, 'reason', o.state_reason) END))
        FROM known
        LEFT JOIN messages m ON m.id = known.message_id
        LEFT JOIN message_events e ON e.id = known.event_id
        LEFT JOIN conversations c ON c.id = known.conversation_id
        LEFT JOIN agents g ON g.id = c.assignee_id
        LEFT JOIN notes n ON n.id = known.event_id
        LEFT JOIN contacts p ON p.id = CASE WHEN known.kind LIKE 'contact.%' THEN known.event_id ELSE coalesce(m.contact_id, c.contact_id) END
        LEFT JOIN subscriptions o ON o.id = known.event_id
        WHERE EXISTS (SELECT FROM wanted WHERE wanted.id = known.id)
    ), made AS (
        INSERT INTO deliveries (id, subscription_id, event_id, state)
        SELECT gen_random_uuid(), wanted.subscription_id, wanted.id, CASE wanted.state WHEN 'active' THEN 'waiting' ELSE 'held' END
        FROM wanted
        ORDER BY wanted.seq
        RETURNING deliveries.subscription_id, deliveries.state
    )
    SELECT coalesce(array_agg(DISTINCT made.subscription_id), '{}') FROM made WHERE made.state = 'waiting' INTO waiting;
    RETURN waiting;
END
$$;
-- +goose StatementEnd
GRANT EXECUTE ON FUNCTION tell_subscribers() TO omni_api;

-- What the dashboard shows, and what is done there.
GRANT SELECT ON channel_accounts, contacts, contact_identities, conversations, conversation_threads, messages, message_events, attachments, files, sends,
    feed, channel_health, templates TO omni_api;
GRANT SELECT, USAGE ON SEQUENCE inbound_seq TO omni_api;
GRANT UPDATE ON conversations TO omni_api;
GRANT INSERT ON messages, attachments, files, sends, feed TO omni_api;
GRANT UPDATE (state, attempt, due_at) ON sends TO omni_api;
GRANT UPDATE (edited_name, edited_phone, edited_language, email, about, merged_into, name, username, phone, language, profile_at, updated_at)
    ON contacts TO omni_api;
GRANT UPDATE (contact_id) ON contact_identities TO omni_api;
GRANT UPDATE (contact_id) ON messages TO omni_api;

-- Conversations that turn out to be one take along what agents did in them, and those that sleep are woken.
GRANT SELECT, INSERT, DELETE ON conversation_labels TO omni_processor;
GRANT SELECT (id, conversation_id), UPDATE (conversation_id) ON notes TO omni_processor;
GRANT SELECT (conversation_id), UPDATE (conversation_id) ON audit_log TO omni_processor;
GRANT INSERT ON audit_log TO omni_processor, omni_sweeper;
GRANT SELECT (id, status, snoozed_until, merged_into), UPDATE (status, snoozed_until, updated_at) ON conversations TO omni_sweeper;
GRANT INSERT (kind, conversation_id) ON feed TO omni_sweeper;

-- +goose Down
REVOKE ALL ON audit_log, notes, conversation_labels FROM omni_processor;
REVOKE ALL ON audit_log, conversations, feed FROM omni_sweeper;
REVOKE ALL ON channel_accounts, contacts, contact_identities, conversations, conversation_threads, messages, message_events, attachments, files, sends,
    feed, channel_health, templates FROM omni_api;
REVOKE ALL ON SEQUENCE inbound_seq FROM omni_api;
REVOKE EXECUTE ON FUNCTION tell_subscribers() FROM omni_api;
DROP FUNCTION expire_feed;
DROP INDEX conversations_title, contacts_words, messages_words;
DROP FUNCTION search_contacts, search_words, contact_words, message_words;
DROP TRIGGER conversation_labels_follow ON conversations;
DROP FUNCTION follow_conversation;
CREATE INDEX conversation_labels_label ON conversation_labels (label_id, conversation_id);
ALTER TABLE conversation_labels DROP COLUMN last_message_at, DROP COLUMN status;
DROP INDEX conversations_unread, conversations_account, sends_conversation, message_events_system, messages_conversation;
CREATE INDEX messages_conversation ON messages (conversation_id, occurred_at DESC, seq DESC);
ALTER TABLE contacts DROP COLUMN about, DROP COLUMN email, DROP COLUMN edited_language, DROP COLUMN edited_phone, DROP COLUMN edited_name;
ALTER TABLE messages DROP COLUMN retry_of, DROP COLUMN author_id;
