package tail

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
)

func TestDatabaseFeed(t *testing.T) {
	t.Parallel()
	inboxStore, url := storetest.New(t)
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	feed := NewDatabase(pool)
	empty, err := feed.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stored, err := inboxStore.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "telegram", CredentialAccount: "demo", Headers: map[string]string{}, Body: []byte("{}"),
		Events: []channels.Event{{Kind: channels.KindMessage, Account: "demo", Thread: "7", ID: "7/1", At: time.Now(), Raw: []byte("{}")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := inboxStore.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil || len(rows) != 1 {
		t.Fatal(len(rows), err)
	}
	err = inboxStore.Apply(t.Context(), inbox.Change{Row: rows[0], Update: channels.Update{
		Person:  &channels.Person{Name: "Ada", Identities: []channels.Identity{{Kind: "telegram_user", Value: "7"}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: "7", Text: "hello"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	changes := awaitChanges(t, feed, empty)
	last := changes[len(changes)-1]
	if got := line(last, false); !strings.Contains(got, "telegram") || !strings.Contains(got, "Ada") || !strings.HasSuffix(got, "hello") {
		t.Errorf("the last change is %q", got)
	}
	end, err := feed.End(t.Context())
	if err != nil || end != last.Cursor {
		t.Errorf("end %+v, %v, want that of the last change %+v", end, err, last.Cursor)
	}
	if rest, err := feed.After(t.Context(), end, 10); len(rest) != 0 || err != nil {
		t.Errorf("%d changes behind the end, %v", len(rest), err)
	}
}

// awaitChanges reads until there is something. A change is shown when every transaction that was open before it has ended, those of other
// tests on the same server included.
func awaitChanges(t *testing.T, feed Database, after Cursor) []Change {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		changes, err := feed.After(t.Context(), after, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) > 0 {
			return changes
		}
	}
	t.Fatal("no change was shown within a minute")
	return nil
}
