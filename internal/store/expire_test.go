package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/internal/inbox"
)

// aged makes everything that is there so many days older, ids included.
func (f *fixture) aged(days int) {
	f.t.Helper()
	older := fmt.Sprintf("interval '%d days'", days)
	id := func(column string) string {
		return `(lpad(to_hex((('x' || lpad(left(replace(` + column + `::text, '-', ''), 12), 16, '0'))::bit(64)::bigint - ` + fmt.Sprint(int64(days)*86_400_000) +
			`)), 12, '0') || substr(replace(` + column + `::text, '-', ''), 13))::uuid`
	}
	for _, statement := range []string{
		`SET session_replication_role = replica`, // no foreign keys while ids change
		`UPDATE messages SET webhook_log_id = ` + id("webhook_log_id") + `, received_at = received_at - ` + older,
		`UPDATE message_events SET id = ` + id("id") + `, webhook_log_id = ` + id("webhook_log_id"),
		`UPDATE attachments SET message_id = ` + id("message_id"),
		`UPDATE files SET id = ` + id("id") + `, message_id = ` + id("message_id"),
		`UPDATE messages SET id = ` + id("id") + `, processed_at = processed_at - ` + older,
		`UPDATE message_events SET processed_at = processed_at - ` + older,
		`UPDATE webhook_logs SET id = ` + id("id") + `, received_at = received_at - ` + older,
		`UPDATE conversations SET updated_at = updated_at - ` + older,
		`UPDATE contacts SET updated_at = updated_at - ` + older,
		`UPDATE subscription_events SET created_at = created_at - ` + older,
		`SET session_replication_role = DEFAULT`,
	} {
		if _, err := f.db.Exec(f.t.Context(), statement); err != nil {
			f.t.Fatalf("%s: %v", statement, err)
		}
	}
}

func (f *fixture) expire(kind inbox.Keepsake, days int, want map[string]int) {
	f.t.Helper()
	got, err := f.Expire(f.t.Context(), kind, channel, time.Now().AddDate(0, 0, -days))
	for name, n := range got {
		if n == 0 {
			delete(got, name)
		}
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		f.t.Errorf("%s of %d days: %v (-want +got):\n%s", kind, days, err, diff)
	}
}

func TestOldMessagesGoWithAllThatHangsOnThem(t *testing.T) {
	f := setup(t)
	photo := received("m1", "4912", "look", noon)
	photo.Message.Attachments = []channels.Attachment{{Kind: channels.Image, MediaID: "photo"}}
	f.take(photo, reacted("r1", "m1", "👍"))
	f.take(received("m2", "bob", "hello", noon))
	f.aged(40)
	f.take(received("m3", "bob", "again", noon))

	f.expire(inbox.KeptMessages, 41, map[string]int{})
	f.want(`SELECT count(*) FROM messages`, "3")
	f.expire(inbox.KeptMessages, 39, map[string]int{"messages": 2, "attachments": 1, "files": 1, "events": 1, "conversations": 1, "contacts": 1})
	f.want(`SELECT text FROM messages`, "again")
	f.want(`SELECT count(*) FROM conversations`, "1")
	f.want(`SELECT count(*) FROM contacts`, "1")
	f.want(`SELECT count(*) FROM doomed_objects`, "1")
	f.expire(inbox.KeptMessages, 39, map[string]int{})

	f.aged(40)
	f.expire(inbox.KeptMessages, 39, map[string]int{"messages": 1, "conversations": 1, "contacts": 1})
	f.want(`SELECT (SELECT count(*) FROM contact_identities), (SELECT count(*) FROM conversation_threads), (SELECT count(*) FROM message_events)`, "0 0 0")
}

func TestWhatIsNotDoneStaysAndGoesLater(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "ann", "hello", noon))
	waits := f.ingest(received("m2", "ann", "later", noon).Event)
	f.take(received("m3", "bob", "hello", noon))
	f.aged(40)
	f.expire(inbox.KeptMessages, 39, map[string]int{"messages": 2, "conversations": 2, "contacts": 2})
	f.want(`SELECT external_id FROM messages`, "m2")

	f.process(waits.Jobs[0], "")
	f.aged(40) // the conversation that it made
	f.expire(inbox.KeptMessages, 39, map[string]int{"messages": 1, "conversations": 1, "contacts": 1})
}

func TestOldFilesGoAndTheirMessagesSayIt(t *testing.T) {
	f := setup(t)
	photo := received("m1", "ann", "look", noon)
	photo.Message.Attachments = []channels.Attachment{{Kind: channels.Image, MediaID: "photo"}}
	f.take(photo)
	if _, err := f.db.Exec(t.Context(), `UPDATE files SET state = 'stored', key = 'incoming/1'`); err != nil {
		t.Fatal(err)
	}
	f.aged(10)
	f.expire(inbox.KeptFiles, 11, map[string]int{})
	f.expire(inbox.KeptFiles, 9, map[string]int{"files": 1})
	f.want(`SELECT state, key IS NULL, reason <> '' FROM files`, "gone true true")
	f.want(`SELECT key FROM doomed_objects`, "incoming/1")
	f.expire(inbox.KeptFiles, 9, map[string]int{})
}

func TestOldWebhooksOfAChannelGoRowByRow(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "ann", "hello", noon))
	f.ingest(received("m2", "ann", "later", noon).Event)
	f.aged(10)
	f.expire(inbox.KeptWebhooks, 9, map[string]int{"webhooks": 1})
	f.want(`SELECT count(*) FROM webhook_logs w JOIN messages m ON m.webhook_log_id = w.id WHERE m.state = 'stored'`, "1")
	f.want(`SELECT count(*) FROM webhook_logs`, "1")
}

func TestOldDeadLettersGo(t *testing.T) {
	f := setup(t)
	f.process(f.ingest(received("m1", "ann", "hello", noon).Event).Jobs[0], "cannot be read")
	f.aged(10)
	for _, c := range []struct{ days, want int }{{11, 0}, {9, 1}, {9, 0}} {
		n, err := f.ExpireDead(t.Context(), channel, time.Now().AddDate(0, 0, -c.days))
		if err != nil || n != c.want {
			t.Errorf("%d days: %d, %v", c.days, n, err)
		}
	}
	f.want(`SELECT count(*) FROM messages`, "0")
}
