-- Who may do what: each function of the deployment that has the database logs in as a role of its own, with the rights that it uses and no others.
-- The schema belongs to whoever migrates. Roles are the server's, not the database's, so another database may have made them already. They have no
-- password: RDS lets them in by IAM. On a laptop nobody uses them.
-- A table or function that comes later needs its own grants here below; partitions do not, because they are reached through their parent.

-- +goose Up

-- +goose StatementBegin
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['omni_webhook', 'omni_processor', 'omni_deadletter', 'omni_sweeper'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I LOGIN', role);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN -- the migration of another database made it at the same time
                NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'role % cannot be made: migrate as a role with CREATEROLE', role;
        END;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN -- Amazon's servers have it: who is in it logs in with an IAM token
            EXECUTE format('GRANT rds_iam TO %I', role);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
-- +goose StatementEnd

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO omni_webhook, omni_processor, omni_deadletter, omni_sweeper;

-- Ingest. It reads what tells a repeated event and its lane, never what anybody wrote. The processor does the same with webhooks that came through
-- the queue.
GRANT INSERT ON webhook_logs, channel_accounts, messages, message_events, queue_logs TO omni_webhook, omni_processor;
GRANT SELECT (id) ON webhook_logs TO omni_webhook, omni_processor;
GRANT SELECT (channel_account_id, external_id, lane, seq, state) ON messages TO omni_webhook;
GRANT SELECT (channel_account_id, kind, key, lane, seq, state) ON message_events TO omni_webhook;
GRANT SELECT (id, queue, channel_account_id, lane, up_to_seq, attempt) ON queue_logs TO omni_webhook;
GRANT USAGE ON SEQUENCE inbound_seq TO omni_webhook, omni_processor;

-- Processing.
GRANT SELECT ON channel_accounts TO omni_processor;
GRANT SELECT, UPDATE ON messages, message_events TO omni_processor;
GRANT SELECT, INSERT, UPDATE ON contacts, contact_identities, conversations, conversation_threads, message_statuses, unknown_kinds TO omni_processor;
GRANT SELECT, INSERT, UPDATE, DELETE ON attachments TO omni_processor;
GRANT INSERT ON feed TO omni_processor;

-- Jobs: to close, reopen and queue them again, and to keep those that are given up.
GRANT SELECT, UPDATE ON queue_logs TO omni_processor, omni_deadletter, omni_sweeper;
GRANT INSERT ON dead_jobs TO omni_processor, omni_deadletter;

-- Partitions belong to the owner of their parent, so who makes them acts as that owner, through this function alone.
ALTER FUNCTION ensure_partitions(integer) SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ensure_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partitions(integer) TO omni_sweeper;

-- +goose Down
-- The roles stay: they may be in use by another database of the server.
GRANT EXECUTE ON FUNCTION ensure_partitions(integer) TO PUBLIC;
ALTER FUNCTION ensure_partitions(integer) SECURITY INVOKER RESET search_path;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM omni_webhook, omni_processor, omni_deadletter, omni_sweeper;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM omni_webhook, omni_processor, omni_deadletter, omni_sweeper;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM omni_webhook, omni_processor, omni_deadletter, omni_sweeper;
REVOKE ALL ON SCHEMA public FROM omni_webhook, omni_processor, omni_deadletter, omni_sweeper;
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM omni_webhook, omni_processor, omni_deadletter, omni_sweeper', current_database());
END
$$;
-- +goose StatementEnd
