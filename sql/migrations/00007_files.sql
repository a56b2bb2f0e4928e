-- Files: what became of the files behind attachments.

-- +goose Up

-- A file is what a platform has behind an attachment, and what became of fetching it. When an attachment gets another one by an edit, the row becomes
-- that one's, with another id.
CREATE TABLE files (
    id         uuid PRIMARY KEY,               -- of this file: it is kept under incoming/<id>
    message_id uuid        NOT NULL,
    position   smallint    NOT NULL,
    source     text        NOT NULL,           -- media_id or url of the attachment: tells this file from the attachment's next
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'stored', 'gone', 'refused', 'failed')),
    attempt    integer     NOT NULL DEFAULT 1, -- raised by every deliberate re-queue
    due_at     timestamptz NOT NULL,           -- still waiting then, somebody has to look after it
    wanted_at  timestamptz NOT NULL DEFAULT now(), -- since when it is tried
    reason     text,                           -- why it is not stored, for people; null: it is, or nothing is known yet
    key        text,                           -- names the stored file; null: it is not stored
    bytes      bigint,                         -- of the stored file, as the next two
    mime       text,                           -- what it is served as: nothing that a browser would run
    sha256     text,                           -- lower-case hex
    settled_at timestamptz,                    -- since when it does not wait any more
    UNIQUE (message_id, position),
    FOREIGN KEY (message_id, position) REFERENCES attachments (message_id, position) ON DELETE CASCADE
);
CREATE INDEX files_due ON files (due_at) WHERE state = 'waiting';
CREATE INDEX files_missing ON files (wanted_at) WHERE state IN ('gone', 'refused', 'failed');

GRANT SELECT, INSERT, UPDATE, DELETE ON files TO omni_processor;

-- The sweeper makes new attempts at files of which nothing was heard. What it reads of messages it may read already.
GRANT SELECT (id, message_id, position, state, attempt, due_at, wanted_at), UPDATE (attempt, due_at) ON files TO omni_sweeper;
GRANT SELECT (message_id, position, detail) ON attachments TO omni_sweeper;
GRANT SELECT (id, channel, credential_account) ON channel_accounts TO omni_sweeper;

-- +goose Down
REVOKE SELECT (id, channel, credential_account) ON channel_accounts FROM omni_sweeper;
REVOKE SELECT (message_id, position, detail) ON attachments FROM omni_sweeper;
DROP TABLE files;
