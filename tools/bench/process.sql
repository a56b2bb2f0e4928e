-- What the processor writes for a plain message of a known customer. The rows are there: the product's, made by pgbench.go.
\set i :i + 1
\set n 1000000000000000 + :i * :clients + :client_id
\set customer random(0, 999)
BEGIN;
UPDATE messages SET state = 'processed', processed_at = now(), seq = nextval('inbound_seq'), raw = NULL, reason = NULL,
    conversation_id = ('00000000-0000-7000-8000-' || lpad(:customer::text, 12, '0'))::uuid,
    contact_id = ('00000000-0000-7000-8000-' || lpad(:customer::text, 12, '0'))::uuid,
    direction = 'in', type = 'text', text = :text, content = :content
WHERE id = (:prefix || :n)::uuid;
UPDATE conversations SET thread = :thread || :customer::text, status = 'open', last_message_at = now(), last_inbound_at = now(),
    window_expires_at = now() + interval '24 hours', unread_count = unread_count + 1, waiting_since = coalesce(waiting_since, now()),
    updated_at = now()
WHERE id = ('00000000-0000-7000-8000-' || lpad(:customer::text, 12, '0'))::uuid;
INSERT INTO feed (kind, conversation_id, message_id)
VALUES ('message.created', ('00000000-0000-7000-8000-' || lpad(:customer::text, 12, '0'))::uuid, (:prefix || :n)::uuid);
UPDATE queue_logs SET closed_at = now() WHERE id = (:prefix || :n)::uuid;
END;
