// Package storetest gives each test a store on a PostgreSQL database of its own, with the product's schema.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"testing"
	"time"

	"omni/internal/localpg/pgtest"
	"omni/internal/store"
	"omni/sql"
)

// New returns a store on a fresh database and the database's URL.
func New(t testing.TB) (*store.Store, string) {
	t.Helper()
	url := pgtest.New(t, fingerprint(t), func(ctx context.Context, url string) error {
		_, err := store.Migrate(ctx, url)
		return err
	})
	s, err := store.Open(url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, url
}

// fingerprint changes with the migrations, and with the month, because a migrated database has partitions for the coming ones.
func fingerprint(t testing.TB) string {
	t.Helper()
	digest := sha256.New()
	digest.Write([]byte(time.Now().UTC().Format("2006-01")))
	err := fs.WalkDir(sql.Migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := sql.Migrations.ReadFile(path)
		digest.Write([]byte(path))
		digest.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(digest.Sum(nil)[:8])
}
