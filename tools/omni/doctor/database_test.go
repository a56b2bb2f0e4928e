package doctor

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/localpg/pgtest"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

func TestDatabase(t *testing.T) {
	t.Parallel()
	s, url := storetest.New(t)
	expect(t, Database(t.Context(), url, s), []string{"ok schema: version ", "ok dead letters: none", "ok overdue jobs: none"})
	stored, err := s.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "telegram", CredentialAccount: "support", Headers: map[string]string{}, Body: []byte("{}"),
		Events: []channels.Event{{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/2", At: time.Unix(1700000000, 0), Raw: []byte("{}")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Bury(t.Context(), rows[0], "normalizing: "+strings.Repeat("long ", 50)); err != nil {
		t.Fatal(err)
	}
	change(t, url, "UPDATE queue_logs SET closed_at = NULL, created_at = now() - interval '3 hours'")
	expect(t, Database(t.Context(), url, s), []string{
		"ok schema: ", "problem dead letters: 1 could not be processed\n     1  normalizing: long", "warning overdue jobs: 1 are open for more than 10 minutes, the oldest for 3h0m0s",
	})
	change(t, url, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	if got := Database(t.Context(), url, s)[0]; got.Level != Warning || !strings.Contains(got.Text, "version 9999, and this omni knows") {
		t.Errorf("of a newer schema: %+v", got)
	}
	change(t, url, "DELETE FROM goose_db_version WHERE version_id > 1")
	if got := Database(t.Context(), url, s)[0]; got.Level != Problem || !strings.Contains(got.Text, "version 1, and this omni needs") {
		t.Errorf("of an older schema: %+v", got)
	}
	change(t, url, "DELETE FROM goose_db_version WHERE version_id > 0")
	expect(t, Database(t.Context(), url, s), []string{"problem schema: the database has none"})
}

func change(t *testing.T, url, statement string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	if _, err := connection.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	s, err := store.Open("postgres://nobody:hidden-password@127.0.0.1:1/none", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	expect(t, Database(t.Context(), pgtest.New(t, "", nil), s), []string{"problem schema: the database has none"})
	expect(t, Database(t.Context(), "postgres://nobody:hidden-password@127.0.0.1:1/none", s), []string{"problem database: it is not reached"}, "hidden-password")
}
