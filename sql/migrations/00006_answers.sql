-- Answers: messages that we send.

-- +goose Up

-- A message of ours has no webhook, and no id of the platform until that took it.
ALTER TABLE messages
    ALTER COLUMN external_id DROP NOT NULL,
    ALTER COLUMN webhook_log_id DROP NOT NULL,
    ADD COLUMN author       text,              -- who wrote it on our side; null for what the platform showed us
    ADD COLUMN error_code   text,              -- why it failed: the platform's code or a word of ours
    ADD COLUMN error_reason text,              -- the same for people: what is wrong and what they can do
    ADD COLUMN merged_into  uuid REFERENCES messages (id); -- set when this turned out to be the platform's echo of a message of ours
CREATE INDEX messages_merged_into ON messages (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE message_events ALTER COLUMN webhook_log_id DROP NOT NULL; -- a reaction of ours has none either

-- A send is the way of one of our messages to the platform. Those of a conversation are on their way one at a time, in the order of seq.
CREATE TABLE sends (
    message_id      uuid PRIMARY KEY REFERENCES messages (id),
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    conversation_id uuid        NOT NULL REFERENCES conversations (id),
    idempotency_key text        NOT NULL,      -- whoever asks twice with one key sends once
    part            smallint    NOT NULL,      -- from 0: one request becomes several messages where it is too long for one
    fingerprint     text        NOT NULL,      -- of the request, to tell a repetition from another one with the same key
    human           boolean     NOT NULL,      -- a person wrote it: some rules of platforms depend on that
    outgoing        json        NOT NULL,      -- channels.Outgoing without what the conversation says
    state           text        NOT NULL CHECK (state IN ('waiting', 'under_way', 'unconfirmed', 'done')),
    attempt         integer     NOT NULL DEFAULT 0, -- raised by every decision to try (again)
    due_at          timestamptz NOT NULL DEFAULT 'infinity', -- when somebody has to look after it; infinity: a queue has it, or its turn has not come
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (idempotency_key, part)
);
CREATE INDEX sends_open ON sends (conversation_id, seq) WHERE state <> 'done';
CREATE INDEX sends_due ON sends (due_at) WHERE state IN ('under_way', 'unconfirmed');

GRANT SELECT, INSERT, UPDATE ON sends TO omni_processor;

-- Whoever looks for messages that nobody looks after learns where they belong and nothing of what they say.
GRANT SELECT (message_id, state, attempt, due_at), UPDATE (due_at) ON sends TO omni_sweeper;
GRANT SELECT (id, channel_account_id, lane) ON messages TO omni_sweeper;

-- +goose Down
DROP TABLE sends;
DELETE FROM messages WHERE merged_into IS NOT NULL;
DELETE FROM messages WHERE webhook_log_id IS NULL;
DELETE FROM message_events WHERE webhook_log_id IS NULL;
ALTER TABLE message_events ALTER COLUMN webhook_log_id SET NOT NULL;
ALTER TABLE messages
    ALTER COLUMN external_id SET NOT NULL,
    ALTER COLUMN webhook_log_id SET NOT NULL,
    DROP COLUMN merged_into, DROP COLUMN author, DROP COLUMN error_code, DROP COLUMN error_reason;
