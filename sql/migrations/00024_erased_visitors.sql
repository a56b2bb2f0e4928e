-- A visitor whose person is erased is no longer known by an open page: its sockets and tickets go with the names of the chat. A page that opens another
-- one afterwards is a stranger's.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION forget_visitor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM connections c WHERE c.channel_account_id = NEW.channel_account_id AND c.thread = NEW.value;
    DELETE FROM tickets t WHERE t.channel_account_id = NEW.channel_account_id AND t.thread = NEW.value;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION forget_visitor() FROM PUBLIC;
CREATE TRIGGER erasure_scope_visitors AFTER INSERT ON erasure_scope FOR EACH ROW WHEN (NEW.kind = 'thread') EXECUTE FUNCTION forget_visitor();

-- +goose Down
DROP TRIGGER erasure_scope_visitors ON erasure_scope;
DROP FUNCTION forget_visitor;
