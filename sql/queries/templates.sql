-- name: TemplateSee :exec
-- Writes templates that a platform listed. What a later list said stays.
INSERT INTO templates AS t (channel, credential_account, name, language, category, status, detail, seen_at)
SELECT @channel, @credential_account, given.name, given.language, given.category, given.status, given.detail::json, @seen_at
FROM (
    SELECT unnest(@names::text[]) AS name, unnest(@languages::text[]) AS language, unnest(@categories::text[]) AS category,
           unnest(@statuses::text[]) AS status, unnest(@details::text[]) AS detail
) AS given
ORDER BY given.name, given.language
ON CONFLICT (channel, credential_account, name, language) DO UPDATE SET
    category = excluded.category, status = excluded.status, detail = excluded.detail, seen_at = excluded.seen_at
WHERE t.seen_at <= excluded.seen_at;

-- name: TemplateForget :execrows
-- Deletes the templates that a list did not have, if all of that list is here.
DELETE FROM templates t
WHERE t.channel = @channel AND t.credential_account = @credential_account AND t.seen_at < @seen_at
  AND @total::bigint = (
    SELECT count(*) FROM templates s WHERE s.channel = @channel AND s.credential_account = @credential_account AND s.seen_at = @seen_at
  );

-- name: TemplateNamed :many
-- The templates of a name, in all their languages.
SELECT detail FROM templates
WHERE channel = @channel AND credential_account = @credential_account AND name = @name
ORDER BY language;

-- name: TemplateFirst :one
-- The first template of an account by its name; empty: none is known.
SELECT coalesce(min(name), '')::text FROM templates WHERE channel = @channel AND credential_account = @credential_account;

-- name: TemplateList :many
-- All known templates; empty texts filter nothing.
SELECT channel, credential_account, detail, seen_at FROM templates
WHERE (@channel::text = '' OR channel = @channel) AND (@credential_account::text = '' OR credential_account = @credential_account)
ORDER BY channel, credential_account, name, language;
