-- name: ChannelHealthAsk :many
-- Notes that the platforms are asked now about all credential accounts of which that was not done lately, and returns these.
INSERT INTO channel_health (channel, credential_account, asked_at)
SELECT a.channel, a.credential_account, now()
FROM channel_accounts a
GROUP BY a.channel, a.credential_account
ORDER BY a.channel, a.credential_account
ON CONFLICT (channel, credential_account) DO UPDATE SET asked_at = excluded.asked_at
WHERE channel_health.asked_at <= now() - make_interval(secs => @seconds::float)
RETURNING channel, credential_account;

-- name: ChannelHealthRecord :one
-- Writes how a platform found the credentials of an account, and returns the state before. No row: something later is known already. Dashboards are
-- told when the state turns.
WITH before AS (
    SELECT b.state FROM channel_health b WHERE b.channel = @channel AND b.credential_account = @credential_account
), written AS (
    INSERT INTO channel_health AS h (channel, credential_account, state, state_since, name, expires_at, lacks, detail, checked_at)
    VALUES (@channel, @credential_account, @state, @checked_at, sqlc.narg('name'), sqlc.narg('expires_at'), @lacks::text[], sqlc.narg('detail'), @checked_at)
    ON CONFLICT (channel, credential_account) DO UPDATE SET
        state = excluded.state, expires_at = excluded.expires_at, lacks = excluded.lacks, detail = excluded.detail, checked_at = excluded.checked_at,
        name = coalesce(excluded.name, h.name), -- a platform that refuses the credentials does not say whose they are
        state_since = CASE WHEN h.state = excluded.state THEN h.state_since ELSE excluded.state_since END
    WHERE h.checked_at IS NULL OR h.checked_at <= excluded.checked_at
    RETURNING h.state
), change AS (
    INSERT INTO feed (kind) SELECT 'channels.updated' FROM written WHERE written.state IS DISTINCT FROM (SELECT before.state FROM before)
)
SELECT coalesce((SELECT before.state FROM before), '')::text AS state_before FROM written;

-- name: ChannelHealthTemplates :exec
-- Writes when the templates of an account were listed, or why that failed.
INSERT INTO channel_health AS h (channel, credential_account, templates_at, templates_detail)
VALUES (@channel, @credential_account, @templates_at, sqlc.narg('templates_detail'))
ON CONFLICT (channel, credential_account) DO UPDATE SET templates_at = excluded.templates_at, templates_detail = excluded.templates_detail
WHERE h.templates_at IS NULL OR h.templates_at <= excluded.templates_at;

-- name: ChannelHealthList :many
-- What is known of every credential account that has channel accounts.
SELECT a.channel, a.credential_account, a.accounts, h.state, h.state_since, h.name, h.expires_at, coalesce(h.lacks, '{}')::text[] AS lacks, h.detail,
       h.checked_at, h.templates_at, h.templates_detail
FROM (
    SELECT c.channel, c.credential_account, array_agg(c.external_id ORDER BY c.external_id)::text[] AS accounts
    FROM channel_accounts c
    GROUP BY c.channel, c.credential_account
) AS a LEFT JOIN channel_health h ON h.channel = a.channel AND h.credential_account = a.credential_account
ORDER BY a.channel, a.credential_account;
