-- name: ContactInsert :exec
-- A new contact.
INSERT INTO contacts (id, name, username, phone, language)
VALUES (@id, sqlc.narg('name'), sqlc.narg('username'), sqlc.narg('phone'), sqlc.narg('language'));

-- name: ContactRefresh :exec
-- What the platform shows of a contact now; what it does not show stays. Touches the row only when something differs.
UPDATE contacts SET
    name = coalesce(sqlc.narg('name'), name), username = coalesce(sqlc.narg('username'), username),
    phone = coalesce(sqlc.narg('phone'), phone), language = coalesce(sqlc.narg('language'), language), updated_at = now()
WHERE id = @id AND (
    name IS DISTINCT FROM coalesce(sqlc.narg('name'), name) OR username IS DISTINCT FROM coalesce(sqlc.narg('username'), username)
    OR phone IS DISTINCT FROM coalesce(sqlc.narg('phone'), phone) OR language IS DISTINCT FROM coalesce(sqlc.narg('language'), language));

-- name: ContactMerge :exec
-- Records that one contact is another and hands over what the other lacks.
WITH loser AS (
    UPDATE contacts SET merged_into = @winner, updated_at = now() WHERE contacts.id = @loser
    RETURNING name, username, phone, language
)
UPDATE contacts SET
    name = coalesce(contacts.name, loser.name), username = coalesce(contacts.username, loser.username),
    phone = coalesce(contacts.phone, loser.phone), language = coalesce(contacts.language, loser.language), updated_at = now()
FROM loser WHERE contacts.id = @winner;
