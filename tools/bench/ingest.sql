-- What the webhook function writes for a webhook of one message. Ids are UUIDv7 that grow, as the product's do.
\set i :i + 1
\set n 1000000000000000 + :i * :clients + :client_id
\set customer random(100000, 100999)
BEGIN;
INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events)
VALUES ((:prefix || :n)::uuid, 'whatsapp', 'default', :n::text, :headers, :body, 1);
INSERT INTO messages (id, channel_account_id, thread, lane, external_id, raw, webhook_log_id, occurred_at)
VALUES ((:prefix || :n)::uuid, :account, :thread || :customer, 'live/' || :thread || :customer, :external_id || :prefix || :n, :raw,
    (:prefix || :n)::uuid, now());
INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq)
VALUES ((:prefix || :n)::uuid, 'live', :account, 'live/' || :thread || :customer, currval('inbound_seq'));
END;
