-- Rights that no function uses are taken back. What is left is written down in docs/database-roles.md, which a test compares with the database.

-- +goose Up

-- PUBLIC is whoever gets in. Nobody but our roles does, and they have what they need by name.
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION uuid_floor(timestamptz), follow_conversation(), message_words(text, bigint), contact_words(text, text, text, text),
    search_words(text), search_contacts(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION message_words(text, bigint), contact_words(text, text, text, text) TO omni_processor, omni_api; -- whoever writes what is indexed
GRANT EXECUTE ON FUNCTION message_words(text, bigint) TO omni_webhook;
GRANT EXECUTE ON FUNCTION search_words(text), search_contacts(text) TO omni_api;

-- The function that strangers reach stores what came in, and cannot make it look understood, answered or older than it is.
REVOKE INSERT ON webhook_logs, channel_accounts, messages, message_events, queue_logs FROM omni_webhook;
GRANT INSERT (id, channel, credential_account, request_id, headers, body, events, parse_error) ON webhook_logs TO omni_webhook;
GRANT INSERT (id, channel, external_id, credential_account) ON channel_accounts TO omni_webhook;
GRANT INSERT (id, seq, channel_account_id, thread, lane, external_id, history, raw, webhook_log_id, occurred_at) ON messages TO omni_webhook;
GRANT INSERT (id, seq, channel_account_id, thread, lane, kind, key, history, raw, webhook_log_id, occurred_at) ON message_events TO omni_webhook;
GRANT INSERT (id, queue, channel_account_id, lane, up_to_seq) ON queue_logs TO omni_webhook;

-- Jobs are closed by who has done them. The others make them due again.
REVOKE UPDATE ON queue_logs FROM omni_processor, omni_deadletter, omni_sweeper;
GRANT UPDATE (attempt, due_at) ON queue_logs TO omni_processor, omni_deadletter, omni_sweeper;
GRANT UPDATE (closed_at) ON queue_logs TO omni_processor;
REVOKE INSERT ON queue_logs FROM omni_processor, omni_api;
GRANT INSERT (id, queue, channel_account_id, lane, up_to_seq) ON queue_logs TO omni_processor, omni_api;

-- What was composed stays as it was composed, and what was to be delivered as it was.
REVOKE UPDATE ON sends FROM omni_processor;
GRANT UPDATE (conversation_id, state, attempt, due_at) ON sends TO omni_processor;
REVOKE UPDATE ON deliveries FROM omni_processor, omni_api;
GRANT UPDATE (state, attempt, failures, due_at, last_status, last_error, delivered_at) ON deliveries TO omni_processor;
GRANT UPDATE (state, failures, due_at) ON deliveries TO omni_api;

-- The audit log has the time of the database, not one that somebody chose.
REVOKE INSERT ON audit_log FROM omni_processor, omni_sweeper, omni_api;
GRANT INSERT (id, agent_id, action, conversation_id, object, detail, request_id) ON audit_log TO omni_processor, omni_sweeper, omni_api;

-- An agent who acts for another would have to change who they are, or who wrote something.
REVOKE UPDATE ON agents, notes FROM omni_api;
GRANT UPDATE (name, email, role, state, available, preferences, last_seen_at) ON agents TO omni_api;
GRANT UPDATE (text, mentions, edited_at, deleted_at) ON notes TO omni_api;

-- Never used.
REVOKE UPDATE ON conversation_labels FROM omni_api;
REVOKE SELECT ON conversation_threads FROM omni_api;
REVOKE SELECT, UPDATE ON unknown_kinds FROM omni_processor;

-- +goose Down
GRANT SELECT, UPDATE ON unknown_kinds TO omni_processor;
GRANT SELECT ON conversation_threads TO omni_api;
GRANT UPDATE ON conversation_labels, agents, notes, deliveries TO omni_api;
GRANT INSERT ON audit_log TO omni_processor, omni_sweeper, omni_api;
GRANT INSERT ON queue_logs TO omni_processor, omni_api;
GRANT UPDATE ON sends, deliveries, queue_logs TO omni_processor;
GRANT UPDATE ON queue_logs TO omni_deadletter, omni_sweeper;
GRANT INSERT ON webhook_logs, channel_accounts, messages, message_events, queue_logs TO omni_webhook;
REVOKE EXECUTE ON FUNCTION message_words(text, bigint), contact_words(text, text, text, text), search_words(text), search_contacts(text)
    FROM omni_webhook, omni_processor, omni_api;
GRANT EXECUTE ON FUNCTION uuid_floor(timestamptz), follow_conversation(), message_words(text, bigint), contact_words(text, text, text, text),
    search_words(text), search_contacts(text) TO PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
