package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

func TestEraseHelp(t *testing.T) {
	t.Parallel()
	for _, command := range strings.Fields("contact list show") {
		status, help, _ := omni(t, "", "erase", command, "--help")
		if status != 0 || !strings.Contains(help, "Examples:") {
			t.Errorf("%s --help: status %d, without examples:\n%s", command, status, help)
		}
	}
	for args, want := range map[string]string{
		"contact --reason x": "name either an id or an --identity",
		"contact " + someID:  "--reason",
		"contact " + someID + " --reason x --identity whatsapp:49": "name either an id or an --identity",
		"contact --reason x --identity 4915112345678":              "want CHANNEL:ID",
		"list --limit 0": "at least 1",
		"show":           "`omni erase show --help`",
		"show 7":         "`omni erase show --help`",
		"show " + someID + " --identity whatsapp:": "want CHANNEL:ID",
	} {
		status, _, errs := omni(t, "", append([]string{"erase"}, strings.Fields(args)...)...)
		if status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

// greets lets a customer say hello to one of our accounts.
func greets(t *testing.T, s *store.Store, account, number string) {
	t.Helper()
	event := channels.Event{Kind: channels.KindMessage, Account: account, Thread: number, ID: "hello of " + number, At: time.Unix(1700000000, 0), Raw: []byte("{}")}
	stored, err := s.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "whatsapp", CredentialAccount: "default", Headers: map[string]string{}, Body: []byte("{}"), Events: []channels.Event{event},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Apply(t.Context(), inbox.Change{Row: rows[0], Update: channels.Update{
		Person:  &channels.Person{Name: "Ada", Identities: []channels.Identity{{Kind: "wa_id", Value: number}}},
		Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "hello"},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSomebodyIsErasedAtTheCommandLine(t *testing.T) {
	t.Parallel()
	s, url := storetest.New(t)
	greets(t, s, "support", "4915112345678")
	greets(t, s, "sales", "4915112345678")
	on := func(in string, args ...string) string {
		t.Helper()
		_, out, errs := omni(t, in, append(append([]string{"erase"}, args...), "--database-url", url)...)
		return out + errs
	}
	expect := func(got string, want ...string) {
		t.Helper()
		for _, one := range want {
			if !strings.Contains(got, one) {
				t.Errorf("no %q in:\n%s", one, got)
			}
		}
	}
	expect(on("", "list"), "Nobody was erased.")
	expect(on("", "show", someID), "there is nothing of this id", "omni erase list")
	expect(on("", "contact", someID, "--reason", "Ticket 4711"), "there is nothing of this id")
	expect(on("", "contact", "--identity", "whatsapp:4911", "--reason", "Ticket 4711"), "nobody is known to whatsapp by that id")

	person := []string{"contact", "--identity", "whatsapp:+4915112345678", "--reason", "Ticket 4711"}
	expect(on("", person...), "Ada, with 1 identities and 1 conversations", "nobody can be asked here")
	expect(on("", "list"), "Nobody was erased.")
	expect(on("", append(person, "--yes")...), "is ordered. No queue is at hand")
	erasures, err := s.Erasures(t.Context(), inbox.LogPlace{}, 10)
	if err != nil || len(erasures) != 2 {
		t.Fatalf("%d erasures, one for each account wanted: %v", len(erasures), err)
	}
	expect(on("", person...), "nobody is known to whatsapp by that id")

	id := erasures[0].ID.String()
	expect(on("", "list"), id, erasures[0].Contact.String(), "running: messages", "Ticket 4711")
	expect(on("", "show", id, "--identity", "whatsapp:+4915112345678"), "still running")
	eraser := pipeline.Erasures{Store: s, Bodies: queue.Bodies{}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if err := eraser.Run(t.Context(), erasures[0].ID); err != nil {
		t.Fatal(err)
	}
	receipt := on("", "show", id)
	expect(receipt, "an operator at the command line", "Ticket 4711", "done 2", "1 messages", "1 contacts", "wa_id of whatsapp, as a hash", "backups")
	if strings.Contains(receipt, "4915112345678") || strings.Contains(receipt, "Ada") {
		t.Errorf("the receipt names somebody:\n%s", receipt)
	}
	expect(on("", "show", id, "--identity", "whatsapp:+4915112345678"), "Yes: this erasure")
	for _, other := range []string{"whatsapp:4915112345679", "telegram:4915112345678"} {
		expect(on("", "show", id, "--identity", other), "is not about that identity")
	}
}
