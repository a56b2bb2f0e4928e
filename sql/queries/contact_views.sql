-- name: ContactView :many
-- Contacts as they are shown, the latest first. Those who are others by now say who.
SELECT p.id, coalesce(p.edited_name, p.name) AS name, p.username, coalesce(p.edited_phone, p.phone) AS phone, p.email,
       coalesce(p.edited_language, p.language) AS language, p.about, p.merged_into, p.created_at, p.updated_at,
       array_remove(ARRAY[
           CASE WHEN p.edited_name IS NOT NULL THEN 'name' END, CASE WHEN p.edited_phone IS NOT NULL THEN 'phone' END,
           CASE WHEN p.email IS NOT NULL THEN 'email' END, CASE WHEN p.edited_language IS NOT NULL THEN 'language' END,
           CASE WHEN p.about IS NOT NULL THEN 'about' END], NULL)::text[] AS edited
FROM contacts p
WHERE p.id = ANY (@ids::uuid[])
ORDER BY p.id DESC;

-- name: ContactList :many
-- Contacts behind one, the latest first.
SELECT p.id FROM contacts p WHERE p.merged_into IS NULL AND p.id < @before_id ORDER BY p.id DESC LIMIT @max_rows;

-- name: ContactSearch :many
-- Contacts who are called like this, or have such an address or number, the latest first.
WITH found AS MATERIALIZED (
    SELECT p.id FROM contacts p
    WHERE contact_words(coalesce(p.edited_name, p.name), p.username, coalesce(p.edited_phone, p.phone), p.email) @@ search_contacts(@typed::text)
      AND p.merged_into IS NULL
)
SELECT found.id FROM found WHERE found.id < @before_id::uuid ORDER BY found.id DESC LIMIT @max_rows;

-- name: ContactIdentities :many
-- By which ids channel accounts know a contact, oldest first.
SELECT a.channel, a.external_id AS account, i.kind, i.value, i.created_at
FROM contact_identities i JOIN channel_accounts a ON a.id = i.channel_account_id
WHERE i.contact_id = @contact_id
ORDER BY i.created_at, i.kind, i.value;

-- name: ContactConversations :many
-- The conversations with a contact, the latest first.
SELECT c.id FROM conversations c
WHERE c.contact_id = @contact_id AND c.merged_into IS NULL AND c.last_message_at IS NOT NULL
ORDER BY c.last_message_at DESC, c.id
LIMIT @max_rows;

-- name: ContactLock :one
-- A contact as it is until the transaction ends.
SELECT * FROM contacts WHERE id = @id FOR UPDATE;

-- name: ContactEdit :exec
-- Writes what agents know of a contact; null: nothing, and what the platform shows counts.
UPDATE contacts SET
    edited_name = sqlc.narg('name'), edited_phone = sqlc.narg('phone'), email = sqlc.narg('email'), edited_language = sqlc.narg('language'),
    about = sqlc.narg('about'), updated_at = now()
WHERE id = @id;

-- name: ContactConversationsLock :many
-- Takes the conversations with two contacts until the transaction ends, as whoever processes a message in one of them does first.
SELECT c.id FROM conversations c WHERE c.contact_id = ANY (@contact_ids::uuid[]) ORDER BY c.id FOR UPDATE;
