package store

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Password gives a new connection its password, in place of the one in the URL. It is asked for each connection, so a password may be short-lived.
// refused tells that the server did not take the one before: who remembers it has to look again.
type Password func(ctx context.Context, refused bool) (string, error)

// enter prepares connections of the configuration for what the password returns: the result is to be called before each of them.
func (p Password) enter(config *pgx.ConnConfig) func(context.Context, *pgx.ConnConfig) error {
	if p == nil {
		return func(context.Context, *pgx.ConnConfig) error { return nil }
	}
	var refused atomic.Bool
	next := config.OnPgError
	config.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		if err.Code == pgerrcode.InvalidPassword {
			refused.Store(true)
		}
		return next(conn, err)
	}
	return func(ctx context.Context, config *pgx.ConnConfig) error {
		again := refused.Swap(false)
		password, err := p(ctx, again)
		if err != nil {
			refused.CompareAndSwap(false, again)
			return fmt.Errorf("getting the database password: %w", err)
		}
		config.Password = password
		return nil
	}
}
