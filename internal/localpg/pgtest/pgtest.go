// Package pgtest gives each test a PostgreSQL database of its own, on a real server.
//
// All test processes of this machine share one server. The first that needs it starts it, empty and without fsync; a keeper, a process
// that outlives the tests by a few seconds, stops it and deletes its data when nobody uses it any more. The environment variable PGTEST_URL
// names another server to use instead, by the connection string of a role that may create databases and roles; version 15 or newer.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// startTimeout bounds what a test waits for the server or its database, on a machine that is busy with other tests.
const startTimeout = 2 * time.Minute

// Migrate brings the empty database at a connection string to the schema that a test needs.
type Migrate func(ctx context.Context, url string) error

// New makes a database for one test and returns its connection string; the end of the test drops it, with the connections to it that are
// still open. The database is a copy of a template that migrate fills once for all tests of this machine that give the same fingerprint:
// a digest of everything that migrate applies. A nil migrate leaves the database empty.
func New(t testing.TB, fingerprint string, migrate Migrate) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	url, err := create(ctx, fingerprint, migrate, t.Cleanup)
	if err != nil {
		t.Fatalf("making a test database: %v", err)
	}
	return url
}

// server finds or starts the server, once per process.
var server = sync.OnceValues(func() (membership, error) {
	if given := os.Getenv("PGTEST_URL"); given != "" {
		return membership{admin: given}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	return join(ctx, base())
})

func create(ctx context.Context, fingerprint string, migrate Migrate, cleanup func(func())) (string, error) {
	joined, err := server()
	if err != nil {
		return "", err
	}
	admin := joined.admin
	from := "template0"
	if migrate != nil {
		if from, err = template(ctx, admin, fingerprint, migrate); err != nil {
			return "", err
		}
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := makeDatabase(ctx, admin, name, from); err != nil {
		return "", err
	}
	cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		// One that stays is deleted with the server; the test is not to blame for it.
		_ = dropDatabase(ctx, admin, name)
	})
	return at(admin, name)
}

// at is the connection string of another database of the same server.
func at(admin, database string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("PGTEST_URL is not of the form postgres://user@host:port/database: %w", err)
	}
	u.Path = "/" + database
	return u.String(), nil
}

// withConn runs do on a connection of its own: a pool would keep the server from forgetting this process.
func withConn(ctx context.Context, url string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connecting to the test server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(conn)
}
