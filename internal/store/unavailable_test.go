package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

func TestWhatPassesIsToldFromWhatDoesNot(t *testing.T) {
	f := setup(t)
	nowhere, err := store.Open("postgres://nobody@127.0.0.1:1/nothing", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nowhere.Close)
	if _, err := nowhere.Agents(t.Context()); !errors.Is(err, inbox.ErrUnavailable) {
		t.Errorf("nobody answers: %v", err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, err := f.Agents(late); !errors.Is(err, inbox.ErrUnavailable) {
		t.Errorf("no time left: %v", err)
	}
	if _, err := f.Agent(t.Context(), inbox.AccountID("no", "body")); errors.Is(err, inbox.ErrUnavailable) || !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("nobody of the id: %v", err)
	}
	if _, err := f.db.Exec(t.Context(), `ALTER TABLE agents RENAME TO staff`); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Agents(t.Context()); err == nil || errors.Is(err, inbox.ErrUnavailable) {
		t.Errorf("a table is missing: %v", err)
	}
}

// A statement that waits for too long is ended by the server: the database could not do it now.
func TestAStatementThatIsEndedPasses(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	hasty, err := store.Open(url, store.Options{StatementTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hasty.Close)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	if _, err := db.Exec(t.Context(), `BEGIN; LOCK TABLE agents`); err != nil {
		t.Fatal(err)
	}
	if _, err := hasty.Agents(t.Context()); !errors.Is(err, inbox.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
