package simulate

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
)

func TestDatabaseFindsWhatIsStored(t *testing.T) {
	t.Parallel()
	inboxStore, url := storetest.New(t)
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	event := func(kind channels.Kind, account, thread, id string) channels.Event {
		return channels.Event{Kind: kind, Account: account, Thread: thread, ID: id, Raw: []byte("{}")}
	}
	long := fmt.Sprintf("%01000d", 7) // longer than an index holds
	_, err = inboxStore.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "pigeon", CredentialAccount: "default", Headers: map[string]string{}, Body: []byte("{}"),
		Events: []channels.Event{
			event(channels.KindMessage, "loft 1", "ann", "m1"), event(channels.KindMessage, "default", "bob", "m2"),
			event(channels.KindReaction, "loft 1", "ann", "r1"), event(channels.KindMessage, "loft 1", long, long),
			event(channels.KindSystem, "loft 1", "", "s1"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for state, id := range map[State]string{Processed: "m1", Dead: "m2"} {
		if _, err := pool.Exec(t.Context(), "UPDATE messages SET state = $1 WHERE external_id = $2", state, id); err != nil {
			t.Fatal(err)
		}
	}
	there := map[platforms.Expected]State{
		{Kind: channels.KindMessage, Account: "loft 1", Thread: "ann", ID: "m1"}:  Processed,
		{Kind: channels.KindMessage, Thread: "bob", ID: "m2"}:                     Dead, // of the credential account
		{Kind: channels.KindReaction, Account: "loft 1", Thread: "ann", ID: "r1"}: Stored,
		{Kind: channels.KindMessage, Account: "loft 1", Thread: long, ID: long}:   Stored,
		{Kind: channels.KindSystem, Account: "loft 1", ID: "s1"}:                  Stored,
	}
	asked := []platforms.Expected{
		{Kind: channels.KindMessage, Account: "loft 1", Thread: "ann", ID: "m9"},
		{Kind: channels.KindMessage, Account: "loft 2", Thread: "ann", ID: "m1"},
		{Kind: channels.KindMessage, Account: "loft 1", Thread: "bob", ID: "m1"},
		{Kind: channels.KindEdit, Account: "loft 1", Thread: "ann", ID: "r1"},
	}
	for e := range there {
		asked = append(asked, e)
	}
	got, err := NewDatabase(pool).Lookup(t.Context(), "pigeon", asked, "default")
	if diff := cmp.Diff(there, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
