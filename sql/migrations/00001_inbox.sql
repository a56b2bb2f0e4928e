-- The inbox: who writes to us, where, and what was said.
-- Keys are UUIDv7 made by the program and never used as an order. seq is: of waiting rows the order in which they were stored, of processed
-- ones that in which they were processed. Within a lane that is the order in which their webhooks were accepted, also of those that came
-- through the queue and were stored late.

-- +goose Up

-- A channel account is the business's side on a platform: a phone number id, a page id, a bot. It owns conversations.
CREATE TABLE channel_accounts (
    id                 uuid PRIMARY KEY,       -- UUIDv5 of (channel, external_id), so that ingest needs no look-up
    channel            text        NOT NULL,
    external_id        text        NOT NULL,   -- the platform's id of it
    credential_account text        NOT NULL,   -- whose secrets verified its first webhook, and so serve it
    created_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (channel, external_id)
);

-- A contact is one person, however many ids the platforms give them.
CREATE TABLE contacts (
    id          uuid PRIMARY KEY,
    name        text,
    username    text,
    phone       text,                          -- E.164 with +; null for whoever does not show it
    language    text,                          -- BCP 47
    profile_at  timestamptz NOT NULL,          -- when the platform showed this: what it showed before only fills gaps
    merged_into uuid REFERENCES contacts (id), -- set when this turned out to be the same person as another
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX contacts_merged_into ON contacts (merged_into) WHERE merged_into IS NOT NULL;

-- An identity is one id by which one channel account knows a contact: phone, wa_id, bsuid, psid.
CREATE TABLE contact_identities (
    channel_account_id uuid        NOT NULL REFERENCES channel_accounts (id),
    kind               text        NOT NULL,
    value              text        NOT NULL,
    contact_id         uuid        NOT NULL REFERENCES contacts (id),
    created_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel_account_id, kind, value)
);
CREATE INDEX contact_identities_contact ON contact_identities (contact_id);

CREATE TABLE conversations (
    id                 uuid PRIMARY KEY,
    channel_account_id uuid        NOT NULL REFERENCES channel_accounts (id),
    thread             text        NOT NULL,   -- the name the platform uses now; conversation_threads has them all
    title              text,                   -- of a group; null for a chat with one person
    contact_id         uuid REFERENCES contacts (id), -- null for a group
    status             text        NOT NULL CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
    last_message_at    timestamptz,            -- platform time of the latest message of either side; null: nobody has written, only events are known
    last_inbound_at    timestamptz,            -- platform time of the customer's latest message
    window_expires_at  timestamptz,            -- until then free-form answers are allowed; null: no limit
    unread_count       integer     NOT NULL DEFAULT 0,
    delivered_until    timestamptz,            -- everything we sent up to here was delivered
    read_until         timestamptz,            -- everything we sent up to here was read
    merged_into        uuid REFERENCES conversations (id),
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_contact ON conversations (contact_id);
CREATE INDEX conversations_inbox ON conversations (status, last_message_at DESC, id) WHERE merged_into IS NULL AND last_message_at IS NOT NULL;

-- Every name by which the platform has called a conversation's chat.
CREATE TABLE conversation_threads (
    channel_account_id uuid NOT NULL REFERENCES channel_accounts (id),
    thread             text NOT NULL,
    conversation_id    uuid NOT NULL REFERENCES conversations (id),
    PRIMARY KEY (channel_account_id, thread)
);
CREATE INDEX conversation_threads_conversation ON conversation_threads (conversation_id);

-- One order for messages and message_events together.
CREATE SEQUENCE inbound_seq;

-- A message is written by ingest with its raw bytes (state stored) and completed by the processor (state processed or dead).
CREATE TABLE messages (
    id                 uuid PRIMARY KEY,
    seq                bigint      NOT NULL DEFAULT nextval('inbound_seq'),
    channel_account_id uuid        NOT NULL,
    thread             text        NOT NULL,
    lane               text        NOT NULL,   -- rows of one lane are processed one after the other: see inbox.Lane
    external_id        text        NOT NULL,   -- the platform's id, unique within the channel account
    history            boolean     NOT NULL DEFAULT false, -- written before the channel was connected
    state              text        NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'processed', 'dead')),
    reason             text,                   -- why it is dead
    redriven_at        timestamptz,            -- when an operator last sent it on its way again: it comes late
    raw                bytea,                  -- the webhook narrowed to this message; null once it is processed
    webhook_log_id     uuid        NOT NULL,
    conversation_id    uuid REFERENCES conversations (id),
    contact_id         uuid REFERENCES contacts (id),
    direction          text CHECK (direction IN ('in', 'out')),
    type               text,
    text               text,                   -- as it reads now: after edits, empty after a deletion
    content            json,                   -- channels.Message as it was written (json, not jsonb: it is read whole)
    edited             json,                   -- channels.Message after its last edit
    reply_to           text,                   -- external_id of the message it answers
    status             text,                   -- of what we sent: the fold of message_statuses
    reactions          json,                   -- {"actor": ["emoji", ...]}
    edited_at          timestamptz,
    deleted_at         timestamptz,
    occurred_at        timestamptz,            -- platform time; null when the platform did not say
    received_at        timestamptz NOT NULL DEFAULT now(),
    processed_at       timestamptz,
    UNIQUE (channel_account_id, external_id)
);
CREATE INDEX messages_stored ON messages (channel_account_id, lane, seq) WHERE state = 'stored';
CREATE INDEX messages_dead ON messages (seq) WHERE state = 'dead';
CREATE INDEX messages_conversation ON messages (conversation_id, occurred_at DESC, seq DESC);

CREATE TABLE attachments (
    message_id uuid     NOT NULL REFERENCES messages (id),
    position   smallint NOT NULL,              -- from 0, in the order of the message
    kind       text     NOT NULL,
    media_id   text,                           -- the platform's handle of the file
    url        text,                           -- the platform's link to the file; never one that holds a token
    mime       text,
    name       text,
    bytes      bigint,
    sha256     text,
    detail     json     NOT NULL,              -- channels.Attachment
    PRIMARY KEY (message_id, position)
);

-- Everything that is not a message: facts about messages, and what the platform tells besides. Facts name their message by target, not
-- by a foreign key, because they may come before it.
CREATE TABLE message_events (
    id                 uuid PRIMARY KEY,
    seq                bigint      NOT NULL DEFAULT nextval('inbound_seq'),
    channel_account_id uuid        NOT NULL,
    thread             text        NOT NULL,   -- empty: it belongs to no chat
    lane               text        NOT NULL,
    kind               text        NOT NULL,
    key                text        NOT NULL,   -- unique among its kind within the channel account
    history            boolean     NOT NULL DEFAULT false,
    state              text        NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'processed', 'dead')),
    reason             text,
    redriven_at        timestamptz,
    raw                bytea,                  -- kept for kind unknown; null for others once processed
    webhook_log_id     uuid        NOT NULL,
    target             text,                   -- external_id of the message it is about
    content            json,                   -- channels.Update
    conversation_id    uuid REFERENCES conversations (id),
    occurred_at        timestamptz,
    received_at        timestamptz NOT NULL DEFAULT now(),
    processed_at       timestamptz,
    UNIQUE (channel_account_id, kind, key)
);
CREATE INDEX message_events_stored ON message_events (channel_account_id, lane, seq) WHERE state = 'stored';
CREATE INDEX message_events_dead ON message_events (seq) WHERE state = 'dead';
CREATE INDEX message_events_target ON message_events (channel_account_id, target) WHERE target IS NOT NULL;
CREATE INDEX message_events_conversation ON message_events (conversation_id, seq) WHERE conversation_id IS NOT NULL;

-- The shapes of events that we do not know, by when they were first seen.
CREATE TABLE unknown_kinds (
    channel       text        NOT NULL,
    shape         text        NOT NULL,        -- what the channel can say of it: the platform's name, or the members that it has
    first_event   uuid        NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel, shape)
);

-- Receipts as they came, changed by a replay alone; messages.status is their fold.
CREATE TABLE message_statuses (
    id                 uuid PRIMARY KEY,       -- that of the message_events row
    channel_account_id uuid        NOT NULL,
    external_id        text        NOT NULL,   -- of the message
    status             text        NOT NULL,   -- sent, delivered, read, played, failed or the platform's own word
    recipient          text,
    error_code         integer,
    error_title        text,
    occurred_at        timestamptz,
    received_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX message_statuses_message ON message_statuses (channel_account_id, external_id);

-- The change feed that clients resume from. Readers return only rows whose xid is below pg_snapshot_xmin, ordered by (xid, seq): a
-- transaction that commits later can then never be skipped. Numbers have holes.
CREATE TABLE feed (
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    xid             xid8        NOT NULL DEFAULT pg_current_xact_id(),
    kind            text        NOT NULL,      -- conversation.created, message.created, message.updated, ...
    conversation_id uuid,
    message_id      uuid,
    event_id        uuid,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (xid, seq)
);

-- +goose Down
DROP TABLE feed, message_statuses, unknown_kinds, message_events, attachments, messages, conversation_threads, conversations, contact_identities,
    contacts, channel_accounts;
DROP SEQUENCE inbound_seq;
