package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"omni/internal/store"
)

// Migration is what the migrate function returns.
type Migration struct {
	Applied []store.Migrated `json:"applied"` // oldest first; empty: the schema was up to date
}

// migrate brings the schema up to date. What it is called with does not matter.
func (f inside) migrate(ctx context.Context) (Migration, error) {
	if err := f.wake(ctx); err != nil {
		return Migration{}, err
	}
	applied, err := store.MigrateWith(ctx, f.config.DatabaseURL, f.password)
	if err != nil {
		return Migration{}, err
	}
	f.Log.Info("schema is up to date", "applied", len(applied))
	return Migration{Applied: applied}, nil
}

// wake waits until the database answers, over a connection that it does not keep.
func (f inside) wake(ctx context.Context) error {
	s, err := store.Open(f.config.DatabaseURL, store.Options{MaxConns: 1, Password: f.password})
	if err != nil {
		return err
	}
	defer s.Close()
	return awaitDatabase(ctx, s.Ping, f.Log)
}

const (
	awaitPause   = time.Second     // between two attempts
	awaitReserve = 3 * time.Second // of the caller's time: to say why it was in vain
	maxRefusals  = 2               // by a server that is awake: the second with a password that was read again
)

// awaitDatabase waits until ping succeeds. Aurora that is asleep needs 15 to 30 seconds to come back and takes no connection until then; it is
// the first attempt that wakes it. A server that is awake and refuses the user is not waited for.
func awaitDatabase(ctx context.Context, ping func(context.Context) error, log *slog.Logger) error {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-awaitReserve))
		defer cancel()
	}
	refusals := 0
	for begun := time.Now(); ; {
		err := ping(ctx)
		if err == nil {
			return nil
		}
		if isRefusal(err) {
			if refusals++; refusals == maxRefusals {
				return err
			}
		}
		log.Warn("waiting for the database: it may be asleep", "seconds", int(time.Since(begun).Seconds()), "error", err.Error())
		select {
		case <-ctx.Done():
			return fmt.Errorf("the database did not answer in %d s: %w", int(time.Since(begun).Seconds()), err)
		case <-time.After(awaitPause):
		}
	}
}

// isRefusal reports whether the server knows the user or the database not, or not like this (SQLSTATE class 28, and 3D000).
// Source: postgresql.org/docs/15/errcodes-appendix.html
func isRefusal(err error) bool {
	var answer interface{ SQLState() string }
	return errors.As(err, &answer) && (strings.HasPrefix(answer.SQLState(), "28") || answer.SQLState() == "3D000")
}
