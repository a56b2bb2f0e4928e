package pgtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/flock"
	"omni/internal/localpg"
)

// schema makes one table, and counts how often it was asked to.
func schema(made *atomic.Int32) Migrate {
	return func(ctx context.Context, url string) error {
		made.Add(1)
		return withConn(ctx, url, func(conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, "CREATE TABLE notes (word text)")
			return err
		})
	}
}

// unique makes fingerprints that no earlier run has used.
func unique(t *testing.T) string { return t.Name() + time.Now().Format(time.RFC3339Nano) }

func execute(t *testing.T, url, sql string) {
	t.Helper()
	err := withConn(t.Context(), url, func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, url, sql string) (n int) {
	t.Helper()
	err := withConn(t.Context(), url, func(conn *pgx.Conn) error { return conn.QueryRow(t.Context(), sql).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	fingerprint := unique(t)
	var urls [6]string
	var wg sync.WaitGroup
	for i := range urls {
		wg.Go(func() {
			urls[i] = New(t, fingerprint, schema(&made))
			execute(t, urls[i], "INSERT INTO notes VALUES ('mine')")
		})
	}
	wg.Wait()
	for i, url := range urls {
		if n := count(t, url, "SELECT count(*) FROM notes"); n != 1 {
			t.Errorf("database %d has %d rows, want its own one", i, n)
		}
	}
	if made.Load() != 1 {
		t.Errorf("migrated %d times, want once", made.Load())
	}
}

func TestAnotherFingerprintIsMigratedAgain(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	fingerprint := unique(t)
	New(t, fingerprint, schema(&made))
	New(t, fingerprint+" changed", schema(&made))
	if made.Load() != 2 {
		t.Errorf("migrated %d times, want 2", made.Load())
	}
}

func TestNoMigration(t *testing.T) {
	t.Parallel()
	url := New(t, "", nil)
	if n := count(t, url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"); n != 0 {
		t.Errorf("an empty database has %d tables", n)
	}
}

func TestMigrationThatFailsLeavesNoTemplate(t *testing.T) {
	t.Parallel()
	fingerprint, broken := unique(t), errors.New("broken")
	_, err := create(t.Context(), fingerprint, func(context.Context, string) error { return broken }, t.Cleanup)
	if !errors.Is(err, broken) {
		t.Fatalf("a broken migration: %v", err)
	}
	var made atomic.Int32
	New(t, fingerprint, schema(&made))
	if made.Load() != 1 {
		t.Error("a template was there after the migration that failed")
	}
}

func TestDatabaseIsDroppedWithOpenConnections(t *testing.T) {
	t.Parallel()
	var left string
	t.Run("test", func(t *testing.T) {
		left = New(t, "", nil)
		if _, err := pgx.Connect(t.Context(), left); err != nil { // not closed
			t.Fatal(err)
		}
	})
	conn, err := pgx.Connect(t.Context(), left)
	if err == nil {
		conn.Close(t.Context())
		t.Error("the database is still there after its test")
	}
}

func TestAtKeepsTheParameters(t *testing.T) {
	t.Parallel()
	got, err := at("postgres://me:secret@db:5432/postgres?sslmode=require", "test_x")
	if want := "postgres://me:secret@db:5432/test_x?sslmode=require"; got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestKeeperStopsTheServerAfterItsLastUser(t *testing.T) {
	t.Parallel()
	// Not t.TempDir: as root, the server's user could not enter it.
	parent, err := os.MkdirTemp("", "omni-keeper-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(parent) })
	if err := os.Chmod(parent, 0o711); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(parent, "base")
	if err := makeBase(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := localpg.Start(t.Context(), localpg.Options{Dir: serverFolder(folder), Fresh: true}); err != nil {
		t.Fatal(err)
	}
	user, err := flock.Shared(usersLock(folder))
	if err != nil {
		t.Fatal(err)
	}
	const idle = 50 * time.Millisecond
	done := make(chan error)
	go func() { done <- keep(folder, idle) }()
	select {
	case err := <-done:
		t.Fatalf("the keeper ended (%v) while the server had a user", err)
	case <-time.After(3 * idle):
	}
	if err := keep(folder, idle); err != nil { // leaves at once, because there is one
		t.Fatal(err)
	}
	user.Release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(serverFolder(folder)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server's data is still there: %v", err)
	}
	if lock, err := flock.TryExclusive(keeperLock(folder)); err != nil {
		t.Errorf("the keeper's lock after its end: %v", err)
	} else {
		lock.Release()
	}
}

func TestMakeBaseRefusesWhatIsNotOurFolder(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := makeBase(link); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("makeBase of a symbolic link: %v", err)
	}
}
