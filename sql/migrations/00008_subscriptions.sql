-- Subscriptions: the company's own endpoints, which are told of every change.

-- +goose Up

CREATE TABLE subscriptions (
    id             uuid PRIMARY KEY,
    url            text        NOT NULL,
    description    text        NOT NULL DEFAULT '',
    types          text[]      NOT NULL DEFAULT '{}', -- of events: message.created, message.*, ...; empty: all
    channels       text[]      NOT NULL DEFAULT '{}', -- empty: all
    secret         text        NOT NULL,       -- whsec_...: signs every delivery
    old_secret     text,                       -- signs besides until old_until, while receivers change to the other
    old_until      timestamptz,
    state          text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    state_reason   text,                       -- why it is disabled
    state_since    timestamptz NOT NULL DEFAULT now(),
    failing_since  timestamptz,                -- of the first failure after the last success; null: the latest attempt succeeded, or there was none
    created_at     timestamptz NOT NULL DEFAULT now()
);

-- A change as subscribers are told of it, with what was there to tell of it when it happened. Only changes that somebody wants are here.
CREATE TABLE subscription_events (
    id         uuid PRIMARY KEY,               -- made where the changes are found, and so a random one
    type       text        NOT NULL,           -- message.created, ...: as in the feed
    sequence   bigint      NOT NULL,           -- feed.seq: of the events of one conversation, the order in which they happened; 0: it was no change
    created_at timestamptz NOT NULL DEFAULT now(),
    data       json        NOT NULL            -- inbox.EventData
);
CREATE INDEX subscription_events_created ON subscription_events (created_at);

-- One event for one subscription. No foreign key leads to that: every delivery would lock its row, which all processors want at once.
CREATE TABLE deliveries (
    id              uuid PRIMARY KEY,
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    subscription_id uuid        NOT NULL,
    event_id        uuid        NOT NULL REFERENCES subscription_events (id) ON DELETE CASCADE,
    -- waiting: for its time and its turn; under_way: a queue or the deliverer has it; held: its subscription was disabled
    state           text        NOT NULL CHECK (state IN ('waiting', 'under_way', 'delivered', 'failed', 'held')),
    attempt         integer     NOT NULL DEFAULT 0,     -- raised each time that it is queued
    failures        integer     NOT NULL DEFAULT 0,     -- attempts that the endpoint did not take since it was last (re)delivered
    due_at          timestamptz NOT NULL DEFAULT now(), -- waiting: not earlier; under_way: when somebody has to look after it
    last_status     integer,                   -- HTTP status of the latest attempt; null: the endpoint did not answer
    last_error      text,                      -- why the latest attempt failed
    created_at      timestamptz NOT NULL DEFAULT now(),
    delivered_at    timestamptz
);
CREATE INDEX deliveries_waiting ON deliveries (subscription_id, due_at, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_under_way ON deliveries (subscription_id, due_at) WHERE state = 'under_way';
CREATE INDEX deliveries_subscription ON deliveries (subscription_id, seq);
CREATE INDEX deliveries_event ON deliveries (event_id);

-- What came of each attempt that reached the internet.
CREATE TABLE delivery_attempts (
    delivery_id uuid        NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    started_at  timestamptz NOT NULL,
    took_ms     integer     NOT NULL,
    status      integer,                       -- HTTP's; null: the endpoint did not answer
    error       text,                          -- null: it succeeded
    response    text        NOT NULL DEFAULT '', -- how the answer's body begins
    PRIMARY KEY (delivery_id, attempt)
);

-- Tells subscribers of what this transaction has written into the feed: an event for each change that somebody wants, as everything reads now, and a
-- delivery of it for each who does. Returns the subscriptions of which deliveries can go. Whoever writes a change calls it last. It runs as the
-- schema's owner, because not everybody who may write a change may read what subscribers are told.
-- +goose StatementBegin
CREATE FUNCTION tell_subscribers() RETURNS uuid[]
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
                'id', c.id, 'thread', c.thread, 'title', c.title, 'status', c.status, 'unread_count', c.unread_count,
                'last_message_at', c.last_message_at, 'last_inbound_at', c.last_inbound_at, 'window_expires_at', c.window_expires_at,
                'delivered_until', c.delivered_until, 'read_until', c.read_until, 'merged_into', c.merged_into) END,
            'contact', CASE WHEN p.id IS NOT NULL THEN json_build_object(
                'id', p.id, 'name', p.name, 'username', p.username, 'phone', p.phone, 'language', p.language) END,
            'message', CASE WHEN m.id IS NOT NULL THEN json_build_object(
                'id', m.id, 'external_id', m.external_id, 'direction', m.direction, 'type', m.type, 'text', m.text,
                'content', CASE WHEN m.deleted_at IS NULL THEN coalesce(m.edited, m.content) END, 'reactions', m.reactions,
                'author', m.author, 'status', m.status, 'error_code', m.error_code, 'error_reason', m.error_reason,
                'history', m.history, 'occurred_at', m.occurred_at, 'edited_at', m.edited_at, 'deleted_at', m.deleted_at,
                'merged_into', m.merged_into) END,
            'event', CASE WHEN e.id IS NOT NULL THEN json_build_object(
                'id', e.id, 'kind', e.kind, 'content', e.content, 'occurred_at', e.occurred_at) END,
            'subscription', CASE WHEN o.id IS NOT NULL THEN json_build_object(
                'id', o.id, 'url', o.url, 'reason', o.state_reason) END))
        FROM known
        LEFT JOIN messages m ON m.id = known.message_id
        LEFT JOIN message_events e ON e.id = known.event_id
        LEFT JOIN conversations c ON c.id = known.conversation_id
        LEFT JOIN contacts p ON p.id = coalesce(m.contact_id, c.contact_id)
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
REVOKE EXECUTE ON FUNCTION tell_subscribers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tell_subscribers() TO omni_processor, omni_deadletter, omni_sweeper;

-- Deliveries: the processor lets them go, signed, and records what came of them.
GRANT SELECT ON subscriptions TO omni_processor;
GRANT UPDATE (state, state_reason, state_since, failing_since) ON subscriptions TO omni_processor;
GRANT SELECT ON subscription_events TO omni_processor;
GRANT SELECT, UPDATE ON deliveries TO omni_processor;
GRANT INSERT ON delivery_attempts TO omni_processor;

-- The sweeper makes overdue ones wait again, and deletes what is past its retention.
GRANT SELECT (id, state, failing_since) ON subscriptions TO omni_sweeper;
GRANT SELECT (id, subscription_id, event_id, state, due_at), UPDATE (state, due_at) ON deliveries TO omni_sweeper;
GRANT SELECT (id, created_at), DELETE ON subscription_events TO omni_sweeper;

-- +goose Down
DROP FUNCTION tell_subscribers;
DROP TABLE delivery_attempts, deliveries, subscription_events, subscriptions;
