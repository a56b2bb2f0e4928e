package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/localpg"
	"omni/internal/store"
)

// stage is the PostgreSQL server of a run: a fresh cluster that forces every commit to the disk, as a real one does.
type stage struct {
	folder string
	server *localpg.Server
	theirs string        // URL of the database that pgbench writes to
	direct *pgxpool.Pool // to theirs, for filling and checking it
}

// open starts the stage when the first measurement needs it.
func (b *bench) open(ctx context.Context) (*stage, error) {
	if b.stage != nil {
		return b.stage, nil
	}
	b.say("  starting PostgreSQL with fsync")
	s := &stage{}
	b.stage = s // from here on it is closed, whatever happens
	var err error
	if s.folder, err = makeFolder(); err != nil {
		return nil, err
	}
	s.server, err = localpg.Start(ctx, localpg.Options{
		Dir: filepath.Join(s.folder, "postgres"), Fsync: true, Install: true, Log: b.progress, Settings: b.settings(),
	})
	if err != nil {
		return nil, err
	}
	if s.theirs, err = s.database(ctx, "pgbench"); err != nil {
		return nil, err
	}
	s.direct, err = pgxpool.New(ctx, s.theirs)
	return s, err
}

// makeFolder makes it where the state of `omni dev` is, and not in the folder of temporary files: that may be in memory, where fsync costs
// nothing. PostgreSQL's user must be able to enter it.
func makeFolder() (string, error) {
	if err := os.MkdirAll(".omni", 0o755); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp(".omni", "bench-")
	if err != nil {
		return "", err
	}
	return folder, os.Chmod(folder, 0o711)
}

// database makes a database with the product's schema. Each measurement has its own: what one leaves undone is overdue work in the next.
func (s *stage) database(ctx context.Context, name string) (string, error) {
	if err := s.server.EnsureDatabase(ctx, name); err != nil {
		return "", err
	}
	url := s.server.URL(name)
	_, err := store.Migrate(ctx, url)
	return url, err
}

// pgbench is the path of the program, which belongs to the server.
func (s *stage) pgbench(ctx context.Context) (string, error) {
	var folder string
	if err := s.direct.QueryRow(ctx, `SELECT setting FROM pg_config WHERE name = 'BINDIR'`).Scan(&folder); err != nil {
		return "", fmt.Errorf("asking PostgreSQL where its programs are: %w", err)
	}
	path := filepath.Join(folder, "pgbench")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("pgbench is not beside PostgreSQL's other programs (some systems have it in a package of its own): %w", err)
	}
	return path, nil
}

// count runs a query for a number on one of the databases.
func count(ctx context.Context, url, query string, args ...any) (n int, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return n, conn.QueryRow(ctx, query, args...).Scan(&n)
}

// analyze gathers the planner's statistics of a database, as autovacuum does within a minute.
func analyze(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "ANALYZE")
	return err
}

func (s *stage) close() error {
	if s == nil {
		return nil
	}
	if s.direct != nil {
		s.direct.Close()
	}
	var err error
	if s.server != nil {
		err = errors.Join(s.server.Stop(), os.RemoveAll(s.server.Dir)) // its folder may be elsewhere than asked for
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}
