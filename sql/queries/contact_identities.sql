-- name: ContactIdentityFind :many
-- The contacts that own any of the given identities, oldest first; a row for each of the identities that is known. None of them can be handed to
-- another contact until the transaction ends: one that is being handed over now is waited for, and is not among them.
SELECT i.kind, i.value, sqlc.embed(c)
FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@ids::text[]) AS value) AS given
JOIN contact_identities i ON i.channel_account_id = @channel_account_id AND i.kind = given.kind AND i.value = given.value
JOIN contacts c ON c.id = i.contact_id
ORDER BY c.id
FOR SHARE OF i;

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
