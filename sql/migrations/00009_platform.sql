-- What platforms say of our accounts there: whether the credentials work, and which templates there are.

-- +goose Up

-- One row for each credential account that has channel accounts and was asked about.
CREATE TABLE channel_health (
    channel            text        NOT NULL,
    credential_account text        NOT NULL,
    asked_at           timestamptz NOT NULL DEFAULT now(), -- when somebody last wanted to know; the rest is what came of it
    state              text CHECK (state IN ('ok', 'refused', 'missing_secrets', 'unreachable')), -- null: nobody has answered yet
    state_since        timestamptz,
    name               text,                   -- whose the credentials are, as the platform shows it
    expires_at         timestamptz,            -- when they stop working; null: never, or the platform does not say
    lacks              text[]      NOT NULL DEFAULT '{}', -- permissions that they do not have
    detail             text,                   -- why the state is not ok; without secrets
    checked_at         timestamptz,
    templates_at       timestamptz,            -- when the templates were last listed, or that failed
    templates_detail   text,                   -- why it failed; null: it did not
    PRIMARY KEY (channel, credential_account)
);

-- The templates that a credential account has. What is gone from the platform goes here too. An account without any may have some of which nobody
-- has heard yet.
CREATE TABLE templates (
    channel            text        NOT NULL,
    credential_account text        NOT NULL,
    name               text        NOT NULL,
    language           text        NOT NULL,
    category           text        NOT NULL,
    status             text        NOT NULL,   -- approved, or the platform's word for why not
    detail             json        NOT NULL,   -- channels.MessageTemplate
    seen_at            timestamptz NOT NULL,
    PRIMARY KEY (channel, credential_account, name, language)
);

GRANT SELECT, INSERT, UPDATE ON channel_health TO omni_processor;
GRANT SELECT, INSERT, UPDATE, DELETE ON templates TO omni_processor;

-- The sweeper asks, and learns nothing.
GRANT SELECT (channel, credential_account, asked_at), INSERT (channel, credential_account, asked_at), UPDATE (asked_at) ON channel_health TO omni_sweeper;
GRANT SELECT (channel, credential_account) ON channel_accounts TO omni_sweeper;

-- +goose Down
DROP TABLE templates, channel_health;
