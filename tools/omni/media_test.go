package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// wanting stores a customer's picture, whose file is wanted then.
func wanting(t *testing.T, s *store.Store) inbox.Fetch {
	t.Helper()
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
	next, err := s.Apply(t.Context(), inbox.Change{Row: rows[0], Files: true, Update: channels.Update{Message: &channels.Message{
		Direction: channels.In, Type: channels.MessageType(channels.Image), Attachments: []channels.Attachment{{Kind: channels.Image, MediaID: "f7"}},
	}}})
	if err != nil || len(next.Fetches) != 1 {
		t.Fatal(next, err)
	}
	return next.Fetches[0]
}

func TestAMissingFileIsListedAndFetchedAgain(t *testing.T) {
	t.Parallel()
	s, url := storetest.New(t)
	fetch := wanting(t, s)
	gone := inbox.FetchOutcome{File: fetch.Job.ID, Attempt: 1, Result: inbox.FetchGone, Reason: "Telegram no longer has the file."}
	_, err := s.RecordFile(context.Background(), gone, func(time.Time) inbox.FileDecision { return inbox.DecideFile(time.Now(), gone, time.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	id := fetch.Job.ID.String()
	for _, step := range []struct{ args, want string }{
		{"media list", id},
		{"media list --state gone --channel telegram --reason NO.LONGER", "No file is missing."},
		{"media list --state gone --channel telegram --reason NO", "Telegram no longer has the file."},
		{"media retry --all --state failed", "No such file is missing."},
		{"media retry --all --state gone", "see the flags"},
		{"media retry " + id, "1 file wanted again"},
		{"media list --state waiting", "the first attempt has not ended"},
		{"media retry " + someID, "no file has the id"},
	} {
		_, out, errs := omni(t, "", append(strings.Fields(step.args), "--database-url", url)...)
		if got := out + errs; !strings.Contains(got, step.want) {
			t.Errorf("%s: no %q in:\n%s", step.args, step.want, got)
		}
	}
	due, err := s.MissingFiles(t.Context(), inbox.FileFilter{}, 0)
	if err != nil || len(due) != 1 || due[0].State != inbox.FileWaiting || due[0].Attempt != 2 || time.Until(due[0].Due) > 2*time.Minute {
		t.Errorf("%+v, %v", due, err)
	}
}
