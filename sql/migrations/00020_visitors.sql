-- Visitors of hosted channels: their sockets, and the function that they ask.

-- +goose Up

-- A socket is an agent's or a visitor's. A visitor is known by the chat, of which there may be no conversation yet.
ALTER TABLE connections
    ALTER COLUMN agent_id DROP NOT NULL,
    ADD COLUMN channel_account_id uuid,
    ADD COLUMN thread text,
    ADD CHECK (num_nonnulls(agent_id, thread) = 1 AND num_nonnulls(channel_account_id, thread) <> 1);
CREATE INDEX connections_visitors ON connections (connected_at) WHERE thread IS NOT NULL;
ALTER TABLE tickets
    ALTER COLUMN agent_id DROP NOT NULL,
    ADD COLUMN channel_account_id uuid,
    ADD COLUMN thread text,
    ADD CHECK (num_nonnulls(agent_id, thread) = 1 AND num_nonnulls(channel_account_id, thread) <> 1);

-- Names the conversations about which this transaction has written into the feed. It runs as the schema's owner, because not everybody who may write a
-- change may read the feed.
CREATE FUNCTION tell_visitors() RETURNS uuid[]
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
RETURN (
    SELECT coalesce(array_agg(DISTINCT f.conversation_id), '{}') FROM feed f
    WHERE f.xid = pg_current_xact_id_if_assigned() AND f.conversation_id IS NOT NULL
);
REVOKE EXECUTE ON FUNCTION tell_visitors() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tell_visitors() TO omni_processor, omni_deadletter, omni_sweeper, omni_api;

-- Sockets of visitors are opened as those of agents are, and told when their conversation changes.
GRANT SELECT (channel_account_id, thread) ON tickets TO omni_realtime;
GRANT INSERT (channel_account_id, thread) ON connections TO omni_realtime;
GRANT SELECT (channel_account_id, thread, conversation_id) ON conversation_threads TO omni_api, omni_sweeper;
GRANT SELECT (id, thread) ON connections TO omni_deadletter; -- whether there is any visitor to tell

-- +goose StatementBegin
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'omni_visitor') THEN
            CREATE ROLE omni_visitor LOGIN;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN -- the migration of another database made it at the same time
            NULL;
        WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'role omni_visitor cannot be made: migrate as a role with CREATEROLE';
    END;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO omni_visitor', current_database());
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
        GRANT rds_iam TO omni_visitor;
    END IF;
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO omni_visitor;

-- What a visitor is shown, and with which name we answer. Nothing about contacts, notes, labels or other agents.
GRANT SELECT (id, conversation_id, external_id, state, direction, type, text, content, edited, reply_to, status, author_id,
    occurred_at, received_at, seq, edited_at, deleted_at) ON messages TO omni_visitor;
GRANT SELECT (message_id, position, detail) ON attachments TO omni_visitor;
GRANT SELECT (message_id, position, state, key, mime, bytes) ON files TO omni_visitor;
GRANT SELECT (message_id, outgoing) ON sends TO omni_visitor;
GRANT SELECT (xid, seq, kind, conversation_id, message_id) ON feed TO omni_visitor;
GRANT SELECT (channel_account_id, thread, conversation_id) ON conversation_threads TO omni_visitor;
GRANT SELECT (id, unread_count, last_inbound_at) ON conversations TO omni_visitor;
GRANT SELECT (id, name, state, available) ON agents TO omni_visitor;
GRANT SELECT (agent_id, connected_at) ON connections TO omni_visitor;
GRANT INSERT (hash, channel_account_id, thread, expires_at) ON tickets TO omni_visitor;

-- +goose Down
DROP OWNED BY omni_visitor;
REVOKE SELECT (id, thread) ON connections FROM omni_deadletter;
REVOKE SELECT (channel_account_id, thread, conversation_id) ON conversation_threads FROM omni_api, omni_sweeper;
DROP FUNCTION tell_visitors;
DELETE FROM connections WHERE agent_id IS NULL;
DELETE FROM tickets WHERE agent_id IS NULL;
ALTER TABLE connections DROP COLUMN thread, DROP COLUMN channel_account_id, ALTER COLUMN agent_id SET NOT NULL;
ALTER TABLE tickets DROP COLUMN thread, DROP COLUMN channel_account_id, ALTER COLUMN agent_id SET NOT NULL;
