package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/internal/blob"
	"omni/internal/mototest"
)

// bench are files, with a client that can follow their links.
type bench struct {
	blob.Files
	client *http.Client
}

// filesContract is what all Files promise. A check gets ones of its own.
var filesContract = []struct {
	rule  string
	check func(*testing.T, bench)
}{
	{"what was put is opened, and described", keepsFiles},
	{"a second put replaces the first", replacesFiles},
	{"what is absent is not found", absentFile},
	{"a file that is too large is refused and leaves nothing", tooLargeFile},
	{"a body that breaks leaves what was there", brokenBody},
	{"a link gives the file, and no other", linkedFile},
	{"a slot takes one file of the size that was said", slottedFile},
	{"a file has a size", sizedFile},
	{"keys that name no file are refused", badFileKeys},
	{"a cancelled put keeps nothing", cancelledPut},
}

func runFilesContract(t *testing.T, open func(t *testing.T) bench) {
	for _, c := range filesContract {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			c.check(t, open(t))
		})
	}
}

func TestFolderFilesKeepTheContract(t *testing.T) {
	t.Parallel()
	runFilesContract(t, func(t *testing.T) bench { return folderFiles(t, time.Now) })
}

// folderFiles are files of a folder, which are served.
func folderFiles(t *testing.T, now func() time.Time) bench {
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	files := blob.NewFolderFiles(filepath.Join(t.TempDir(), "files"), server.URL+"/files/", now)
	mux.Handle("/files/", http.StripPrefix("/files", files))
	return bench{files, server.Client()}
}

func TestS3FilesKeepTheContract(t *testing.T) {
	t.Parallel()
	client := newClient(mototest.Start(t, "files in S3"))
	bucket := createBucket(t, client, "files")
	runFilesContract(t, func(t *testing.T) bench {
		return bench{blob.NewS3Files(client, s3.NewPresignClient(client), bucket, t.Name()), http.DefaultClient}
	})
}

func putFile(t *testing.T, b bench, key, mime string, content []byte) blob.File {
	t.Helper()
	file, err := b.Put(t.Context(), key, blob.Upload{Body: bytes.NewReader(content), MIME: mime, MaxBytes: 10 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func wantFile(t *testing.T, b bench, key string, want []byte) {
	t.Helper()
	body, err := b.Open(t.Context(), key)
	if err != nil {
		t.Errorf("%s: %v", key, err)
		return
	}
	defer body.Close()
	if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes wanted, got %d, %v", key, len(want), len(got), err)
	}
}

func wantNoFile(t *testing.T, b bench, key string) {
	t.Helper()
	if body, err := b.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("%s: %v, %v", key, body, err)
	}
}

func keepsFiles(t *testing.T, b bench) {
	for key, content := range map[string][]byte{
		"incoming/empty": {}, "incoming/large": bytes.Repeat([]byte("0123456789abcdef"), 6<<20/16), "outgoing/a b/ü+%2F?&=": []byte("a name"),
	} {
		sum := sha256.Sum256(content)
		want := blob.File{Bytes: int64(len(content)), MIME: "image/png", SHA256: hex.EncodeToString(sum[:])}
		if got := putFile(t, b, key, "image/png", content); got != want {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
		wantFile(t, b, key, content)
	}
}

func replacesFiles(t *testing.T, b bench) {
	putFile(t, b, "incoming/a", "", []byte("the first and longer one"))
	putFile(t, b, "incoming/a", "", []byte("the second"))
	wantFile(t, b, "incoming/a", []byte("the second"))
}

func absentFile(t *testing.T, b bench) {
	wantNoFile(t, b, "none")
	putFile(t, b, "incoming/a", "", []byte("x"))
	wantNoFile(t, b, "incoming/b")
}

func tooLargeFile(t *testing.T, b bench) {
	content := []byte("0123456789")
	for limit, fits := range map[int64]bool{10: true, 9: false, 0: false} {
		key := "incoming/" + string(rune('a'+limit))
		_, err := b.Put(t.Context(), key, blob.Upload{Body: bytes.NewReader(content), MaxBytes: limit})
		if fits && err != nil || !fits && !errors.Is(err, blob.ErrTooLarge) {
			t.Errorf("10 bytes where %d are the most: %v", limit, err)
		}
		if !fits {
			wantNoFile(t, b, key)
		}
	}
}

func brokenBody(t *testing.T, b bench) {
	putFile(t, b, "incoming/a", "image/png", []byte("whole"))
	broken := errors.New("the platform hung up")
	for _, body := range []io.Reader{
		iotest.ErrReader(broken), io.MultiReader(strings.NewReader(strings.Repeat("x", 5000)), iotest.ErrReader(broken)),
	} {
		if _, err := b.Put(t.Context(), "incoming/a", blob.Upload{Body: body, MIME: "video/mp4", MaxBytes: 1 << 20}); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	}
	wantFile(t, b, "incoming/a", []byte("whole"))
}

func linkedFile(t *testing.T, b bench) {
	putFile(t, b, "incoming/ä b?", "image/png", []byte("picture"))
	putFile(t, b, "incoming/page", "text/html", []byte("<script>"))
	for key, want := range map[string][3]string{
		"incoming/ä b?": {"picture", "image/png", "inline"}, "incoming/page": {"<script>", "application/octet-stream", "attachment"},
	} {
		link, err := b.Link(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		response, body := follow(t, b.client, link)
		got := [3]string{body, response.Header.Get("Content-Type"), response.Header.Get("Content-Disposition")}
		if response.StatusCode != http.StatusOK || got != want {
			t.Errorf("%s: %d %q, want %q", key, response.StatusCode, got, want)
		}
	}
	link, err := b.Link(t.Context(), "incoming/page")
	if err != nil {
		t.Fatal(err)
	}
	if expiry := linkExpiry(t, link); expiry < time.Hour {
		t.Errorf("the link ends after %s", expiry)
	}
}

// linkExpiry reads from a link until when it works.
func linkExpiry(t *testing.T, link string) time.Duration {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	seconds, err := time.ParseDuration(u.Query().Get("X-Amz-Expires") + "s")
	if err != nil { // the folder's own form
		var until time.Duration
		if until, err = time.ParseDuration(u.Query().Get("until") + "s"); err != nil {
			t.Fatal(err)
		}
		return time.Until(time.Unix(int64(until.Seconds()), 0))
	}
	return seconds
}

func follow(t *testing.T, client *http.Client, link string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func badFileKeys(t *testing.T, b bench) {
	for _, key := range []string{"", "../a", "/a", "a/../../b", ".a.type", "incoming/.a.type"} {
		_, put := b.Put(t.Context(), key, blob.Upload{Body: strings.NewReader("x"), MaxBytes: 9})
		_, open := b.Open(t.Context(), key)
		_, link := b.Link(t.Context(), key)
		for call, err := range map[string]error{"Put": put, "Open": open, "Link": link} {
			if err == nil || !strings.Contains(err.Error(), "no key of an object") {
				t.Errorf("%s of %q: %v", call, key, err)
			}
		}
	}
}

func cancelledPut(t *testing.T, b bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Put(ctx, "a", blob.Upload{Body: strings.NewReader("x"), MaxBytes: 9}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantNoFile(t, b, "a")
}

func TestAFoldersLinksCannotBeForgedAndEnd(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := folderFiles(t, func() time.Time { return now })
	putFile(t, b, "incoming/a", "text/plain", []byte("mine"))
	putFile(t, b, "incoming/b", "text/plain", []byte("not yours"))
	link, err := b.Link(t.Context(), "incoming/a")
	if err != nil {
		t.Fatal(err)
	}
	until := linkParameter(t, link, "until")
	for name, forged := range map[string]string{
		"another file":   strings.Replace(link, "incoming/a", "incoming/b", 1),
		"a later end":    strings.Replace(link, "until="+until, "until=9"+until, 1),
		"no signature":   strings.Replace(link, "signature=", "unsigned=", 1),
		"no parameters":  strings.SplitN(link, "?", 2)[0],
		"the type of it": strings.Replace(link, "incoming/a", "incoming/.a.type", 1),
		"of others":      otherLink(t, "incoming/a", link),
	} {
		if response, body := follow(t, b.client, forged); response.StatusCode != http.StatusForbidden || strings.Contains(body, "yours") {
			t.Errorf("%s: %d %q", name, response.StatusCode, body)
		}
	}
	gone, err := b.Link(t.Context(), "incoming/none")
	if err != nil {
		t.Fatal(err)
	}
	if response, _ := follow(t, b.client, gone); response.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", response.StatusCode)
	}
	now = now.Add(3 * time.Hour)
	if response, _ := follow(t, b.client, link); response.StatusCode != http.StatusForbidden {
		t.Errorf("after its end: %d", response.StatusCode)
	}
}

func linkParameter(t *testing.T, link, name string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

// otherLink is a link of other files to the same key at the same place.
func otherLink(t *testing.T, key, link string) string {
	t.Helper()
	base, _, _ := strings.Cut(link, "/"+key)
	other, err := blob.NewFolderFiles(t.TempDir(), base, time.Now).Link(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func TestAFolderWithoutAnAddressHasNoLinks(t *testing.T) {
	t.Parallel()
	if link, err := blob.NewFolderFiles(t.TempDir(), "", time.Now).Link(t.Context(), "a"); err == nil {
		t.Errorf("got %s", link)
	}
}

func TestS3FilesLeaveNothingOnTheDisk(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if entries, err := os.ReadDir(temporary); len(entries) != 1 {
			t.Errorf("while it uploads: %d files, %v", len(entries), err)
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(refusing.Close)
	client := newClient(refusing.URL)
	files := blob.NewS3Files(client, s3.NewPresignClient(client), "bucket", "")
	if _, err := files.Put(t.Context(), "a", blob.Upload{Body: strings.NewReader("x"), MaxBytes: 9}); err == nil {
		t.Error("it was refused, and nobody noticed")
	}
	if entries, err := os.ReadDir(temporary); len(entries) != 0 || err != nil {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}

// putInto makes the request that a slot is for, with a body.
func putInto(t *testing.T, b bench, slot blob.Slot, body []byte) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, slot.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range slot.Headers {
		request.Header.Set(name, value)
	}
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func slottedFile(t *testing.T, b bench) {
	content := []byte("\x89PNG and more")
	slot, err := b.Slot(t.Context(), "outgoing/a", "image/png", int64(len(content)))
	if err != nil || slot.Until.IsZero() || slot.Headers["Content-Type"] != "image/png" {
		t.Fatal(slot, err)
	}
	if status := putInto(t, b, slot, content); status != http.StatusOK {
		t.Fatalf("the slot answers %d", status)
	}
	wantFile(t, b, "outgoing/a", content)
	link, err := b.Link(t.Context(), "outgoing/a")
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.client.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("it is served as %s", got)
	}
	page, err := b.Slot(t.Context(), "outgoing/b", "text/html", 4)
	if err != nil || page.Headers["Content-Type"] != "application/octet-stream" {
		t.Errorf("a page is taken as %v, %v", page.Headers, err)
	}
}

func sizedFile(t *testing.T, b bench) {
	putFile(t, b, "outgoing/a", "text/plain", []byte("1234567"))
	if bytes, err := b.Size(t.Context(), "outgoing/a"); bytes != 7 || err != nil {
		t.Errorf("%d bytes, %v", bytes, err)
	}
	if _, err := b.Size(t.Context(), "outgoing/b"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("what is absent: %v", err)
	}
}

func TestASlotOfAFolderTakesNothingElse(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := folderFiles(t, func() time.Time { return now })
	slot, err := b.Slot(t.Context(), "outgoing/a", "image/png", 4)
	if err != nil {
		t.Fatal(err)
	}
	other := slot
	other.Headers = map[string]string{"Content-Type": "text/plain"}
	larger := slot
	larger.URL = strings.Replace(slot.URL, "bytes=4", "bytes=5", 1)
	elsewhere := slot
	elsewhere.URL = strings.Replace(slot.URL, "outgoing/a", "outgoing/b", 1)
	link, err := b.Link(t.Context(), "outgoing/a")
	if err != nil {
		t.Fatal(err)
	}
	for name, status := range map[string]int{
		"more bytes": putInto(t, b, slot, []byte("12345")), "another type": putInto(t, b, other, []byte("1234")),
		"a changed size": putInto(t, b, larger, []byte("12345")), "another place": putInto(t, b, elsewhere, []byte("1234")),
		"a link for reading": putInto(t, b, blob.Slot{URL: link}, []byte("1234")),
	} {
		if status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
	}
	if response, err := b.client.Get(slot.URL); err != nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("reading through a slot: %v, %v", response, err)
	} else {
		response.Body.Close()
	}
	now = now.Add(time.Hour)
	if status := putInto(t, b, slot, []byte("1234")); status != http.StatusForbidden {
		t.Errorf("too late: %d", status)
	}
	wantNoFile(t, b, "outgoing/a")
}
