package dev

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	platforms "omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/inbox"
	"omni/tools/omni/simulate"
	"omni/tools/omni/state"
)

// The media function fetches what simulated customers send from the simulated platforms.
func TestCustomersFilesArriveInTheStateFolder(t *testing.T) {
	t.Parallel()
	folder, running, office := beginOffice(t)
	kinds := []string{"image", "photo", "voice", "document"}
	err := simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Kinds: kinds, Count: 40, Customers: 4, Concurrency: 4, Seed: 7, Wait: 20 * time.Second,
	}, simulate.Parts{
		Secrets: app.SecretsFile(folder.Secrets()), Ledger: simulate.NewDatabase(office.Desk.DB), Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	stored := func() (channels, waiting int) {
		t.Helper()
		err := office.Desk.DB.QueryRow(t.Context(), `SELECT count(DISTINCT m.channel_account_id) FILTER (WHERE f.state = 'stored'),
			count(*) FILTER (WHERE f.state <> 'stored') FROM files f JOIN messages m ON m.id = f.message_id`).Scan(&channels, &waiting)
		if err != nil {
			t.Fatal(err)
		}
		return channels, waiting
	}
	deadline := time.Now().Add(20 * time.Second)
	senders := 0
	for _, name := range platforms.Channels() {
		platform, _ := platforms.Lookup(name)
		if slices.ContainsFunc(kinds, func(kind string) bool { return slices.Contains(platform.Kinds(), kind) }) {
			senders++
		}
	}
	for n, waiting := stored(); n < senders || waiting > 0; n, waiting = stored() {
		if time.Now().After(deadline) {
			t.Fatalf("files of %d channel accounts are stored, %d are not", n, waiting)
		}
		time.Sleep(10 * time.Millisecond) // between two looks
	}
	var key string
	if err := office.Desk.DB.QueryRow(t.Context(), `SELECT key FROM files LIMIT 1`).Scan(&key); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder.Path("files/" + key)); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
	response, err := http.Get(running.URL + filesPath + key)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a file is served to whoever knows its key: %d", response.StatusCode)
	}
}

func TestALinkToAFileLeadsToTheServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(nil)
	o := Options{State: state.Folder(t.TempDir()), PublicURL: "https://tunnel.example/"}
	files := openFiles(o, server.Listener.Addr())
	if _, err := files.Put(t.Context(), inbox.OutgoingKey([16]byte{7}), blob.Upload{Body: strings.NewReader("price"), MIME: "image/png", MaxBytes: 9}); err != nil {
		t.Fatal(err)
	}
	link, err := files.Link(t.Context(), inbox.OutgoingKey([16]byte{7}))
	path, public := strings.CutPrefix(link, "https://tunnel.example")
	if err != nil || !public {
		t.Fatalf("%s, %v", link, err)
	}
	server.Config.Handler = front{files: files, log: quiet}.handler()
	server.Start()
	t.Cleanup(server.Close)
	response, err := http.Get(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); string(body) != "price" || err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%d %q, %v", response.StatusCode, body, err)
	}
	local, err := openFiles(Options{State: o.State}, server.Listener.Addr()).Link(t.Context(), "outgoing/7")
	if err != nil || !strings.HasPrefix(local, "https://127.0.0.1:") {
		t.Errorf("without a public URL: %s, %v", local, err)
	}
}
