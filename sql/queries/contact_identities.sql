-- name: ContactIdentityFind :many
-- The contacts that own any of the given identities, oldest first; a row for each of the identities that is known. None of them can be handed to
-- another contact until the transaction ends: one that is being handed over now is waited for. They are looked up one by one: a join would read all of the
-- channel account's while the planner has not heard that there are many.
SELECT i.kind, i.value, sqlc.embed(c)
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@ids::text[]) AS value) AS given
CROSS JOIN LATERAL (
    SELECT known.kind, known.value, known.contact_id FROM contact_identities known
    WHERE known.channel_account_id = @channel_account_id AND known.kind = given.kind AND known.value = given.value
    FOR SHARE
) AS i
JOIN contacts c ON c.id = i.contact_id
ORDER BY c.id;

-- name: ContactIdentityAdd :many
-- Adds identities of a contact, in a fixed order so that two transactions cannot deadlock. Returns whose they are afterwards: another
-- contact's where somebody else was first.
INSERT INTO contact_identities (channel_account_id, kind, value, contact_id)
SELECT @channel_account_id, given.kind, given.value, @contact_id
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@ids::text[]) AS value) AS given
ORDER BY given.kind, given.value
ON CONFLICT (channel_account_id, kind, value) DO UPDATE SET kind = excluded.kind
RETURNING contact_id;

-- name: ContactIdentityMove :exec
-- Hands the identities of one contact to another.
UPDATE contact_identities SET contact_id = @winner WHERE contact_id = @loser;

-- name: ContactIdentityList :many
-- By which ids a channel account knows a contact, oldest first.
SELECT kind, value FROM contact_identities
WHERE contact_id = @contact_id AND channel_account_id = @channel_account_id
ORDER BY created_at, kind, value;
