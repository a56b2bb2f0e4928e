package app_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store"
)

// written lets a processor take what somebody wrote in a chat, which has other names besides.
func written(t *testing.T, processor *store.Store, thread string, aliases ...string) {
	t.Helper()
	event := channels.Event{Kind: channels.KindMessage, ID: uuid.NewString(), Account: "1", Thread: thread, At: time.Now(), Raw: []byte("{}")}
	stored, err := processor.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "whatsapp", CredentialAccount: "default", Body: []byte("{}"), Events: []channels.Event{event},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := processor.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		ids := []channels.Identity{{Kind: "wa_id", Value: thread}}
		for _, alias := range aliases {
			ids = append(ids, channels.Identity{Kind: "wa_id", Value: alias})
		}
		_, err := processor.Apply(t.Context(), inbox.Change{Row: row, Update: channels.Update{
			Person: &channels.Person{Name: "Ada", Identities: ids}, Aliases: aliases,
			Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "hello"},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What agents did is taken along by the processor, woken by whoever looks after what is overdue, and forgotten by the sweeper.
func TestTheRolesSufficeForWhatAgentsDid(t *testing.T) {
	s := hire(t)
	processor, err := store.Open(as(t, s.url, "omni_processor"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(processor.Close)
	written(t, processor, "1")
	written(t, processor, "2")
	for _, statement := range []string{
		`INSERT INTO agents (id, subject, name, role) VALUES (gen_random_uuid(), 'ada', 'Ada', 'agent')`,
		`INSERT INTO labels (id, name, color) VALUES (gen_random_uuid(), 'VIP', '#aabbcc')`,
		`INSERT INTO conversation_labels (conversation_id, label_id) SELECT c.id, l.id FROM conversations c, labels l`,
		`INSERT INTO notes (id, conversation_id, agent_id, text) SELECT gen_random_uuid(), c.id, a.id, 'a note' FROM conversations c, agents a`,
		`INSERT INTO audit_log (id, agent_id, action, conversation_id) SELECT gen_random_uuid(), a.id, 'conversation.status', c.id FROM conversations c, agents a`,
	} {
		if _, err := s.admin.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	written(t, processor, "1", "2")
	for table, want := range map[string]int{"conversation_labels": 1, "notes": 2, "audit_log": 2} {
		if n := s.count(`SELECT count(*) FROM ` + table + ` x JOIN conversations c ON c.id = x.conversation_id WHERE c.merged_into IS NULL`); n != want {
			t.Errorf("%d of %s are with the conversation that is left, want %d", n, table, want)
		}
	}
	for name, waker := range map[string]*store.Store{"the processor": processor, "the sweeper": s.sweeper.Store} {
		if _, err := s.admin.Exec(t.Context(), `UPDATE conversations SET status = 'snoozed', snoozed_until = now() WHERE merged_into IS NULL`); err != nil {
			t.Fatal(err)
		}
		if woken, _, err := waker.Wake(t.Context(), 10); err != nil || len(woken) != 1 {
			t.Errorf("%s wakes %v, %v", name, woken, err)
		}
	}
	if _, err := s.admin.Exec(t.Context(), `UPDATE feed SET created_at = now() - interval '91 days'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sweeper.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if n := s.count(`SELECT count(*) FROM feed`); n != 1 {
		t.Errorf("%d changes are left, want one that stands for all", n)
	}
	s.refuse("omni_sweeper", `SELECT thread FROM conversations`)
	s.refuse("omni_processor", `SELECT detail FROM audit_log`)
	s.refuse("omni_processor", `SELECT text FROM notes`)
	s.refuse("omni_api", `UPDATE messages SET text = ''`)
	s.refuse("omni_api", `DELETE FROM contacts`)
	s.refuse("omni_api", `UPDATE audit_log SET action = ''`)
}
