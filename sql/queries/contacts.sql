-- name: ContactInsert :exec
-- A new contact.
INSERT INTO contacts (id, name, username, phone, email, language, profile_at)
VALUES (@id, sqlc.narg('name'), sqlc.narg('username'), sqlc.narg('phone'), sqlc.narg('email'), sqlc.narg('language'), @profile_at);

-- name: ContactRefresh :exec
-- What the platform shows of a contact; what it does not show stays. What comes late only fills gaps.
UPDATE contacts SET
    name = CASE WHEN @late::boolean THEN coalesce(name, sqlc.narg('name')) ELSE coalesce(sqlc.narg('name'), name) END,
    username = CASE WHEN @late THEN coalesce(username, sqlc.narg('username')) ELSE coalesce(sqlc.narg('username'), username) END,
    phone = CASE WHEN @late THEN coalesce(phone, sqlc.narg('phone')) ELSE coalesce(sqlc.narg('phone'), phone) END,
    email = CASE WHEN @late THEN coalesce(email, sqlc.narg('email')) ELSE coalesce(sqlc.narg('email'), email) END,
    language = CASE WHEN @late THEN coalesce(language, sqlc.narg('language')) ELSE coalesce(sqlc.narg('language'), language) END,
    profile_at = greatest(profile_at, @profile_at), updated_at = now()
WHERE id = @id;

-- name: ContactMerge :exec
-- Records that one contact is another, who is shown as the later of the two, with what only the earlier shows. What agents wrote of either stays, of
-- both that of the one who stays.
WITH loser AS (
    UPDATE contacts SET merged_into = @winner, updated_at = now() WHERE contacts.id = @loser
    RETURNING name, username, phone, language, profile_at, edited_name, edited_phone, edited_language, email, about
)
UPDATE contacts SET
    name = CASE WHEN loser.profile_at > contacts.profile_at THEN coalesce(loser.name, contacts.name) ELSE coalesce(contacts.name, loser.name) END,
    username = CASE WHEN loser.profile_at > contacts.profile_at THEN coalesce(loser.username, contacts.username)
        ELSE coalesce(contacts.username, loser.username) END,
    phone = CASE WHEN loser.profile_at > contacts.profile_at THEN coalesce(loser.phone, contacts.phone) ELSE coalesce(contacts.phone, loser.phone) END,
    language = CASE WHEN loser.profile_at > contacts.profile_at THEN coalesce(loser.language, contacts.language)
        ELSE coalesce(contacts.language, loser.language) END,
    profile_at = greatest(contacts.profile_at, loser.profile_at), edited_name = coalesce(contacts.edited_name, loser.edited_name),
    edited_phone = coalesce(contacts.edited_phone, loser.edited_phone), edited_language = coalesce(contacts.edited_language, loser.edited_language),
    email = coalesce(contacts.email, loser.email), about = coalesce(contacts.about, loser.about), updated_at = now()
FROM loser WHERE contacts.id = @winner;
