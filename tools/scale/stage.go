package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/localpg"
	"omni/internal/store"
	"omni/tools/scale/dataset"
)

// folder is where the server is, besides the state of `omni dev`. PostgreSQL's user must be able to enter it.
const folder = ".omni/scale"

// settings make the server one for this much data. Nothing happens by itself while it is measured: statistics and the visibility map are as they were
// after the load.
var settings = []string{
	"shared_buffers = '4GB'", "maintenance_work_mem = '1GB'", "max_wal_size = '4GB'", "checkpoint_timeout = '30min'", "wal_level = 'minimal'",
	"max_wal_senders = 0", "autovacuum = off",
}

// stage is the PostgreSQL server of a run, with a database for each size.
type stage struct {
	options
	progress io.Writer
	server   *localpg.Server
}

// load starts a server that forces nothing to the disk, and fills the databases that are not there yet.
func (s *stage) load(ctx context.Context) error {
	if err := s.start(ctx, false); err != nil {
		return err
	}
	if err := s.tune(ctx); err != nil {
		return err
	}
	for _, size := range s.sizes {
		if err := s.ensure(ctx, size); err != nil {
			return fmt.Errorf("filling a database with %d messages: %w", size, err)
		}
	}
	return nil
}

func (s *stage) start(ctx context.Context, fsync bool) (err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if s.server, err = localpg.Start(ctx, localpg.Options{Dir: filepath.Join(folder, "postgres"), Fsync: fsync, Install: true, Log: s.progress}); err != nil {
		return err
	}
	if !s.server.Started() {
		return errors.New("another run uses " + folder)
	}
	return nil
}

func (s *stage) restart(ctx context.Context, fsync bool) error {
	if err := s.stop(ctx); err != nil {
		return err
	}
	return s.start(ctx, fsync)
}

// stop first lets the server write what it has in memory, which takes it longer after a load than Stop has patience.
func (s *stage) stop(ctx context.Context) error {
	return errors.Join(s.exec(ctx, "CHECKPOINT"), s.server.Stop())
}

// tune makes the settings those of [settings], some of which only count from the next start.
func (s *stage) tune(ctx context.Context) error {
	for _, setting := range settings {
		if err := s.exec(ctx, "ALTER SYSTEM SET "+setting); err != nil {
			return err
		}
	}
	return s.restart(ctx, false)
}

// force starts the server anew as a real one, which forces every commit to the disk.
func (s *stage) force(ctx context.Context) error { return s.restart(ctx, true) }

// exec runs a statement as the superuser.
func (s *stage) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.server.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func database(size int) string { return fmt.Sprint("scale_", size) }

// ensure fills a database. One that an earlier run has filled gets the migrations that came since; one of which the load was interrupted starts anew.
func (s *stage) ensure(ctx context.Context, size int) error {
	name, label := database(size), fmt.Sprint("seed ", s.seed)
	loaded, err := s.label(ctx, name)
	if err != nil {
		return err
	}
	if loaded == label {
		_, err := store.Migrate(ctx, s.server.URL(name))
		return err
	}
	fmt.Fprintf(s.progress, "filling a database with %d messages\n", size)
	if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
		return err
	}
	if err := s.server.EnsureDatabase(ctx, name); err != nil {
		return err
	}
	url := s.server.URL(name)
	if _, err := store.Migrate(ctx, url); err != nil {
		return err
	}
	o := dataset.Options{Messages: size, Seed: s.seed, Until: time.Now().UTC().Truncate(24 * time.Hour), Log: s.progress}
	if err := dataset.Load(ctx, url, o); err != nil {
		return err
	}
	return s.exec(ctx, fmt.Sprintf("COMMENT ON DATABASE %s IS '%s'", name, label))
}

// label is what a database was filled with; empty: it is not there, or not complete.
func (s *stage) label(ctx context.Context, name string) (label string, err error) {
	conn, err := pgx.Connect(ctx, s.server.URL("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const query = `SELECT coalesce(max(shobj_description(oid, 'pg_database')), '') FROM pg_database WHERE datname = $1`
	if err := conn.QueryRow(ctx, query, name).Scan(&label); err != nil {
		return "", fmt.Errorf("looking for the databases of earlier runs: %w", err)
	}
	return label, nil
}

func (s *stage) close() error {
	if s.server == nil || !s.server.Started() {
		return nil
	}
	if s.keep {
		return s.stop(context.Background())
	}
	return errors.Join(s.server.Stop(), os.RemoveAll(s.server.Dir), os.RemoveAll(folder)) // the server may be elsewhere than asked for
}
