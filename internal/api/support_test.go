package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"omni/internal/api/apitest"
)

// want compares a list of words.
func want[T ~string](t *testing.T, got []T, want ...T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// feed is the kinds of everything that was told to dashboards.
func feed(t *testing.T, d *apitest.Desk) []string {
	t.Helper()
	return column(t, d, `SELECT kind FROM feed ORDER BY xid, seq`)
}

// column is the texts that a query finds.
func column(t *testing.T, d *apitest.Desk, query string, args ...any) []string {
	t.Helper()
	db, err := pgx.Connect(t.Context(), d.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	rows, err := db.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
