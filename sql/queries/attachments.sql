-- name: AttachmentReplace :exec
-- Makes these the attachments of a message: positions run from 0, empty strings stand for null.
WITH old AS (
    DELETE FROM attachments WHERE message_id = @message_id AND position >= cardinality(@kinds::text[])
), new AS (
    SELECT unnest(@positions::smallint[]) AS position, unnest(@kinds::text[]) AS kind, unnest(@media_ids::text[]) AS media_id,
           unnest(@urls::text[]) AS url, unnest(@mimes::text[]) AS mime, unnest(@names::text[]) AS name,
           unnest(@sizes::bigint[]) AS bytes, unnest(@hashes::text[]) AS sha256, unnest(@details::text[])::json AS detail
)
INSERT INTO attachments (message_id, position, kind, media_id, url, mime, name, bytes, sha256, detail)
SELECT @message_id, position, kind, nullif(media_id, ''), nullif(url, ''), nullif(mime, ''), nullif(name, ''), nullif(bytes, 0),
       nullif(sha256, ''), detail
FROM new
ON CONFLICT (message_id, position) DO UPDATE SET
    kind = excluded.kind, media_id = excluded.media_id, url = excluded.url, mime = excluded.mime, name = excluded.name,
    bytes = excluded.bytes, sha256 = excluded.sha256, detail = excluded.detail;

-- name: AttachmentOwn :exec
-- Writes what a message of ours carries besides its words, and which is no file, if there is that message.
INSERT INTO attachments (message_id, position, kind, detail)
SELECT m.id, 0, @kind, @detail FROM messages m WHERE m.id = @message_id;
