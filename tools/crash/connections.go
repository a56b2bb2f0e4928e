package crash

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"
)

// hoard takes every connection that a database has to give, those of the product included, and gives them back when it is told to.
type hoard struct {
	mu    sync.Mutex
	conns []*pgx.Conn
}

// hoarders is how many connections are asked for at once.
const hoarders = 8

// takeConnections returns when the server refuses further connections.
func takeConnections(ctx context.Context, databaseURL string) (*hoard, error) {
	h := &hoard{}
	if err := h.fill(ctx, databaseURL); err != nil {
		h.release()
		return nil, err
	}
	// What the product held is free now, and it will want it back: be quicker.
	_, err := h.conns[0].Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'omni'`)
	if err == nil {
		err = h.fill(ctx, databaseURL)
	}
	if err != nil {
		h.release()
		return nil, fmt.Errorf("taking the product's connections: %w", err)
	}
	return h, nil
}

func (h *hoard) fill(ctx context.Context, databaseURL string) error {
	var all errgroup.Group
	for range hoarders {
		all.Go(func() error {
			for {
				conn, err := pgx.Connect(ctx, databaseURL)
				if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && refusal.Code == pgerrcode.TooManyConnections {
					return nil
				}
				if err != nil {
					return fmt.Errorf("taking all connections: %w", err)
				}
				h.mu.Lock()
				h.conns = append(h.conns, conn)
				h.mu.Unlock()
			}
		})
	}
	return all.Wait()
}

func (h *hoard) release() {
	for _, conn := range h.conns {
		conn.Close(context.Background())
	}
}
