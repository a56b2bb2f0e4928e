-- Agents: who works in the inbox, and what they do there.

-- +goose Up

-- An agent is somebody who has signed in. Their name and role are the identity provider's word at the latest sign-in.
CREATE TABLE agents (
    id           uuid PRIMARY KEY,
    subject      text        NOT NULL UNIQUE,  -- `sub` of their tokens
    name         text        NOT NULL,
    email        text,                         -- null: the provider does not say
    role         text        NOT NULL CHECK (role IN ('agent', 'admin')),
    state        text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')), -- disabled: refused, whatever their token says
    available    boolean     NOT NULL DEFAULT true, -- takes conversations now
    preferences  json        NOT NULL DEFAULT '{}', -- the dashboard's own; read whole
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    created_at   timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE conversations
    ADD COLUMN assignee_id   uuid REFERENCES agents (id), -- who looks after it; null: nobody yet
    ADD COLUMN snoozed_until timestamptz,                 -- status snoozed: when it opens again
    ADD COLUMN waiting_since timestamptz;                 -- the customer's first message that nobody has answered; null: nobody waits
CREATE INDEX conversations_assignee ON conversations (assignee_id, status, last_message_at DESC, id)
    WHERE merged_into IS NULL AND last_message_at IS NOT NULL;
CREATE INDEX conversations_waiting ON conversations (status, waiting_since, id) WHERE merged_into IS NULL AND waiting_since IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE status = 'snoozed';

CREATE TABLE labels (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL,
    color      text        NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX labels_name ON labels (lower(name));

CREATE TABLE conversation_labels (
    conversation_id uuid        NOT NULL REFERENCES conversations (id),
    label_id        uuid        NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation_id, label_id)
);
CREATE INDEX conversation_labels_label ON conversation_labels (label_id, conversation_id);

-- A note is for colleagues; no customer ever sees one.
CREATE TABLE notes (
    id              uuid PRIMARY KEY,
    conversation_id uuid        NOT NULL REFERENCES conversations (id),
    agent_id        uuid        NOT NULL REFERENCES agents (id),
    text            text        NOT NULL,
    mentions        uuid[]      NOT NULL DEFAULT '{}', -- agents
    created_at      timestamptz NOT NULL DEFAULT now(),
    edited_at       timestamptz,
    deleted_at      timestamptz                        -- the text is empty then
);
CREATE INDEX notes_conversation ON notes (conversation_id, created_at DESC, id);

-- A canned reply is a text that is often needed. Its gaps are {{contact.name}}, {{agent.name}} and the like.
CREATE TABLE canned_replies (
    id         uuid PRIMARY KEY,
    shortcut   text        NOT NULL,           -- typed after a /
    title      text        NOT NULL,
    text       text        NOT NULL,
    channels   text[]      NOT NULL DEFAULT '{}', -- empty: all
    owner_id   uuid REFERENCES agents (id),    -- whose own it is; null: everybody's
    uses       bigint      NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX canned_replies_shortcut ON canned_replies (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), lower(shortcut));

-- Who changed what. Nothing in it is ever changed or, before its retention is over, deleted. What happened to a conversation is shown in it as well.
CREATE TABLE audit_log (
    id              uuid PRIMARY KEY,          -- UUIDv7
    at              timestamptz NOT NULL DEFAULT now(),
    agent_id        uuid REFERENCES agents (id), -- null: the product itself
    action          text        NOT NULL,      -- conversation.assigned, label.created, dead_letters.redriven, ...
    object          text        NOT NULL DEFAULT '', -- id of what was changed
    conversation_id uuid REFERENCES conversations (id), -- of what happened to one
    detail          json        NOT NULL DEFAULT '{}', -- what it was and what it is now; never a message's text or a secret
    request_id      text        NOT NULL DEFAULT ''
);
CREATE INDEX audit_log_at ON audit_log (at DESC, id DESC);
CREATE INDEX audit_log_conversation ON audit_log (conversation_id, at DESC, id DESC) WHERE conversation_id IS NOT NULL;

-- Real time: an open socket of a dashboard, and the single-use ticket with which one is opened.
CREATE TABLE connections (
    id           text PRIMARY KEY,             -- API Gateway's
    agent_id     uuid        NOT NULL REFERENCES agents (id),
    connected_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX connections_agent ON connections (agent_id);

CREATE TABLE tickets (
    hash       bytea PRIMARY KEY,              -- SHA-256 of the ticket
    agent_id   uuid        NOT NULL REFERENCES agents (id),
    expires_at timestamptz NOT NULL
);
CREATE INDEX tickets_expires ON tickets (expires_at);

-- The functions behind the dashboard.
-- +goose StatementBegin
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['omni_api', 'omni_realtime'] LOOP
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
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
            EXECUTE format('GRANT rds_iam TO %I', role);
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO omni_api, omni_realtime;

GRANT SELECT, INSERT, UPDATE ON agents TO omni_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON labels, conversation_labels, canned_replies TO omni_api;
GRANT SELECT, INSERT, UPDATE ON notes TO omni_api;
GRANT SELECT, INSERT ON audit_log, feed TO omni_api;

-- +goose Down
DROP OWNED BY omni_realtime, omni_api;
DROP TABLE tickets, connections, audit_log, canned_replies, notes, conversation_labels, labels;
ALTER TABLE conversations DROP COLUMN waiting_since, DROP COLUMN snoozed_until, DROP COLUMN assignee_id;
DROP TABLE agents;
