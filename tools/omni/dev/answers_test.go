package dev

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
	"omni/tools/omni/desk"
	"omni/tools/omni/platforms"
	"omni/tools/omni/send"
	"omni/tools/omni/simulate"
	"omni/tools/omni/state"
)

// beginOffice runs a local server with an office beside it.
func beginOffice(t *testing.T) (state.Folder, state.Dev, *simulate.Office) {
	t.Helper()
	_, database := storetest.New(t)
	folder := state.Folder(filepath.Join(t.TempDir(), ".omni"))
	running, _ := begin(t, Options{State: folder, Address: "127.0.0.1:0", DatabaseURL: database, Pollers: 4, Out: io.Discard, Log: quiet})
	opened, err := desk.OpenLocal(t.Context(), running, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return folder, running, &simulate.Office{Desk: opened, Platforms: platforms.Remote{URL: running.PlatformsURL, Client: http.DefaultClient}}
}

func TestConversationsOfBothSidesLoseNothing(t *testing.T) {
	t.Parallel()
	folder, running, office := beginOffice(t)
	var report strings.Builder
	err := simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Count: 80, Batch: 2, Customers: 6, Concurrency: 8, Duplicates: 0.1, Seed: 5, Wait: 20 * time.Second, Answers: 0.6,
		Trouble: platforms.Trouble{Throttle: 0.02, Refuse: 0.02, Lose: 0.05, Repeat: 0.2},
	}, simulate.Parts{
		Secrets: app.SecretsFile(folder.Secrets()), Ledger: simulate.NewDatabase(office.Desk.DB), Office: office, Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: &report,
	})
	if err != nil || !strings.Contains(report.String(), "ANSWERS") || !strings.Contains(report.String(), "Nobody got anything twice: of ") {
		t.Errorf("%v\n%s", err, report.String())
	}
	if strings.Contains(report.String(), " of 0 answers") {
		t.Errorf("nobody was answered:\n%s", report.String())
	}
}

func TestAnAnswerAndItsFate(t *testing.T) {
	t.Parallel()
	folder, running, office := beginOffice(t)
	db := office.Desk.DB
	if _, err := send.Find(t.Context(), db, send.Last); err == nil || !strings.Contains(err.Error(), "omni simulate") {
		t.Errorf("before anybody wrote: %v", err)
	}
	err := simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Channels: []string{"whatsapp"}, Kinds: []string{"text"}, Count: 8, Customers: 2, Concurrency: 1, Seed: 3, Wait: 20 * time.Second,
	}, simulate.Parts{
		Secrets: app.SecretsFile(folder.Secrets()), Ledger: simulate.NewDatabase(db), Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	last, err := send.Find(t.Context(), db, send.Last)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{last.ID.String(), last.Thread, strings.ToUpper(last.Name)} {
		if found, err := send.Find(t.Context(), db, to); err != nil || found.ID != last.ID {
			t.Errorf("%q: %v, %v, want %s", to, found, err, last)
		}
	}
	if _, err := send.Find(t.Context(), db, "nobody"); err == nil {
		t.Error("somebody is called nobody")
	}
	key := uuid.NewString()
	say := func(content channels.Content) (string, error) {
		var out strings.Builder
		draft := inbox.Draft{Conversation: last.ID, Key: key, Author: "test", Human: true, Content: content}
		err := send.Run(t.Context(), office.Desk, db, &out, draft, send.Options{Watch: true, Wait: 20 * time.Second, Every: time.Millisecond})
		return out.String(), err
	}
	out, err := say(channels.Content{Text: "We open at nine."})
	if err != nil || !strings.HasSuffix(out, "read\n") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = say(channels.Content{Text: "We open at nine."}); err != nil || !strings.Contains(out, "asked for before") {
		t.Errorf("again with the same key: %v\n%s", err, out)
	}
	if taken, err := office.Platforms.Taken(t.Context()); err != nil || len(taken) != 1 {
		t.Errorf("taken %d times, %v", len(taken), err)
	}
	key = uuid.NewString()
	if out, err = say(channels.Content{File: &channels.File{Kind: channels.Poll}}); err == nil || out != "" {
		t.Errorf("what the channel cannot do: %v\n%s", err, out)
	}
	picture := filepath.Join(t.TempDir(), "shelf.png")
	if err := os.WriteFile(picture, []byte("\x89PNG\r\n\x1a\n and so on"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := send.Upload(t.Context(), blob.NewFolderFiles(folder.Path("files"), "", time.Now), key, picture)
	if err != nil {
		t.Fatal(err)
	}
	if out, err = say(channels.Content{File: file, Text: "The shelf."}); err != nil || !strings.HasSuffix(out, "read\n") {
		t.Errorf("a file: %v\n%s", err, out)
	}
	taken, err := office.Platforms.Taken(t.Context())
	if err != nil || len(taken) != 2 || taken[1].Content.File == nil || taken[1].Content.File.Kind != channels.Image || taken[1].Content.Text != "The shelf." {
		t.Errorf("taken %+v, %v", taken, err)
	}
}
