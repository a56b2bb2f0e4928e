package store

import (
	"errors"
	"io"
	"net"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/internal/inbox"
)

// unavailable is an error that passes, whatever it says: it is [inbox.ErrUnavailable].
type unavailable struct{ error }

func (u unavailable) Is(target error) bool { return target == inbox.ErrUnavailable }
func (u unavailable) Unwrap() error        { return u.error }

// passes reports whether an error is one of the database or of the way to it, and not of what was asked.
func passes(err error) bool {
	var connecting *pgconn.ConnectError
	var refused *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &connecting), isRace(err):
		return true
	case errors.As(err, &refused):
		return isPassing(refused.Code)
	}
	return errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

func isPassing(code string) bool {
	return pgerrcode.IsConnectionException(code) || pgerrcode.IsInsufficientResources(code) || pgerrcode.IsOperatorIntervention(code) ||
		pgerrcode.IsTransactionRollback(code) || code == pgerrcode.LockNotAvailable || code == pgerrcode.IdleInTransactionSessionTimeout
}
