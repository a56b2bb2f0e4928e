package store

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/localpg"
)

// guarded is a database on a server of its own that lets the role guest in with a password alone, and whoever administers it.
type guarded struct {
	t     *testing.T
	admin *pgx.Conn
	url   string // of the guest, without a password
}

func startGuarded(t *testing.T) *guarded {
	t.Helper()
	server := startServer(t)
	g := &guarded{t: t, admin: dial(t, server.URL("postgres"))}
	g.url = strings.Replace(server.URL("guests"), localpg.User+"@", "guest@", 1)
	g.do(`CREATE ROLE guest LOGIN CREATEROLE`)
	g.setPassword("first")
	g.do(`CREATE DATABASE guests OWNER guest`)
	var rules string
	if err := g.admin.QueryRow(t.Context(), `SHOW hba_file`).Scan(&rules); err != nil {
		t.Fatal(err)
	}
	g.do(`COPY (SELECT unnest(ARRAY['host all guest all scram-sha-256', 'host all ` + localpg.User + ` all trust'])) TO '` + rules + `'`)
	g.do(`SELECT pg_reload_conf()`)
	g.awaitGuard()
	return g
}

// startServer starts a server of the test's own, for what concerns all of its databases.
func startServer(t *testing.T) *localpg.Server {
	t.Helper()
	// Not t.TempDir: as root, the server's user could not enter it.
	folder, err := os.MkdirTemp("", "omni-server-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	server, err := localpg.Start(t.Context(), localpg.Options{Dir: filepath.Join(folder, "server"), Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

func dial(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// awaitGuard waits until the server goes by its new rules.
func (g *guarded) awaitGuard() {
	g.t.Helper()
	for g.t.Context().Err() == nil {
		conn, err := pgx.Connect(g.t.Context(), g.url)
		if err != nil {
			return
		}
		conn.Close(g.t.Context())
		time.Sleep(time.Millisecond)
	}
}

func (g *guarded) do(sql string) {
	g.t.Helper()
	if _, err := g.admin.Exec(g.t.Context(), sql); err != nil {
		g.t.Fatal(err)
	}
}

func (g *guarded) setPassword(password string) { g.do(`ALTER ROLE guest PASSWORD '` + password + `'`) }

// endSessions ends the guest's connections, as a server that restarts does.
func (g *guarded) endSessions() {
	g.do(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'guest'`)
}

// keyring is a Password that remembers what it gave, as the one of a secret does.
type keyring struct {
	now   string // what the secret holds
	given string // what is remembered
	asked int
	reads int
	err   error
}

func (k *keyring) password(_ context.Context, refused bool) (string, error) {
	k.asked++
	if refused || k.given == "" {
		k.reads++
		k.given = k.now
	}
	return k.given, k.err
}

func TestEachConnectionAsksForItsPassword(t *testing.T) {
	t.Parallel()
	g := startGuarded(t)
	keys := &keyring{now: "first"}
	if _, err := MigrateWith(t.Context(), g.url, keys.password); err != nil {
		t.Fatal(err)
	}
	s, err := Open(g.url, Options{MaxConns: 1, Password: keys.password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for range 3 { // over one connection
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before := keys.asked
	g.endSessions()
	await(t, func() bool { return s.Ping(t.Context()) == nil })
	if keys.asked != before+1 || keys.reads != 1 {
		t.Errorf("asked %d times after %d, read %d times", keys.asked, before, keys.reads)
	}

	g.setPassword("second")
	keys.now = "second"
	g.endSessions()
	await(t, func() bool { return s.Ping(t.Context()) == nil })
	if keys.reads != 2 {
		t.Errorf("a rotated password was read %d times, want 2", keys.reads)
	}
}

func TestAPasswordThatIsNotToBeHad(t *testing.T) {
	t.Parallel()
	locked := errors.New("the safe is locked")
	keys := &keyring{err: locked}
	u := url.URL{Scheme: "postgres", User: url.User("guest"), Host: "127.0.0.1:1", Path: "/guests"}
	s, err := Open(u.String(), Options{Password: keys.password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Ping(t.Context()); !errors.Is(err, locked) || !strings.Contains(err.Error(), "getting the database password") {
		t.Errorf("got %v", err)
	}
	if _, err := MigrateWith(t.Context(), u.String(), keys.password); !errors.Is(err, locked) {
		t.Errorf("migrating: %v", err)
	}
}

// await waits until a condition holds.
func await(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
	}
}
