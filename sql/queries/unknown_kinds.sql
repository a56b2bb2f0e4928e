-- name: UnknownKindInsert :execrows
-- Notes the shape of an unknown event; one row is affected the first time it is seen.
INSERT INTO unknown_kinds (channel, shape, first_event) VALUES (@channel, @shape, @first_event) ON CONFLICT DO NOTHING;
