-- Search that does not grow with the words' fame.

-- +goose Up

-- Each word of a message is indexed behind the block of 131,072 numbers that the message's lies in: 7/hello. So a search reads of a block what the
-- block has of the words, and nothing of the others; when the block was one more word instead, everything that was ever said with a common word, or
-- with the beginning of one, was read again for each block. Who writes touches the few pages of the newest block.
-- A word is cut at 250 characters: PostgreSQL's end at 2,046 bytes, and array_to_tsvector spoils what is longer.
DROP INDEX messages_words;
CREATE OR REPLACE FUNCTION message_words(said text, number bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(string_to_array((number >> 17)::text || '/' || nullif(array_to_string(tsvector_to_array(to_tsvector(
    'pg_catalog.simple'::regconfig,
    CASE
        WHEN length(said) < 250 THEN said -- most are, and a regular expression takes longer than the rest
        WHEN said ~ '\S{250}' THEN regexp_replace(left(said, 20000), '(\S{250})', '\1 ', 'g')
        ELSE left(said, 20000)
    END
)), E'\n' || (number >> 17)::text || '/'), ''), E'\n'));
CREATE INDEX messages_words ON messages USING gin (message_words(text, seq)) WITH (fastupdate = off)
    WHERE state = 'processed' AND conversation_id IS NOT NULL AND text IS NOT NULL;

-- search_words for the messages of a block.
CREATE FUNCTION search_block(typed text, block bigint) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(search_words(typed)::text, '''((?:[^'']|'''')*)''', '''' || block::text || '/\1''', 'g')::tsquery;
REVOKE EXECUTE ON FUNCTION search_block(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_block(text, bigint) TO omni_api;

-- +goose Down
DROP FUNCTION search_block;
DROP INDEX messages_words;
CREATE OR REPLACE FUNCTION message_words(said text, number bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, left(said, 20000)) || array_to_tsvector(ARRAY['#' || (number >> 15)::text]);
CREATE INDEX messages_words ON messages USING gin (message_words(text, seq)) WITH (fastupdate = off)
    WHERE state = 'processed' AND conversation_id IS NOT NULL AND text IS NOT NULL;
