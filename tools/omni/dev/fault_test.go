package dev

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"omni/internal/blob"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
)

// misbehave returns faults whose file has the content.
func misbehave(t *testing.T, content string) *faults {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return &faults{path: path, log: quiet}
}

func TestFaultsFollowTheirFile(t *testing.T) {
	t.Parallel()
	f := misbehave(t, `{"refuse": ["SendMessageBatch"], "lose": ["DeleteMessageBatch"], "redeliver": true}`)
	for _, c := range []struct {
		action string
		done   bool
		want   error
	}{
		{"SendMessageBatch", false, errFault},
		{"SendMessageBatch", true, nil},
		{"DeleteMessageBatch", false, nil},
		{"DeleteMessageBatch", true, errFault},
		{"ReceiveMessage", false, nil},
		{"ReceiveMessage", false, nil},
		{"ReceiveMessage", false, localsqs.ErrRedeliver},
		{"ReceiveMessage", true, nil},
		{"ReceiveMessage", false, nil},
		{"CreateQueue", false, nil},
	} {
		if got := f.fault(c.action, c.done); !errors.Is(got, c.want) {
			t.Errorf("%s, done %t: %v, want %v", c.action, c.done, got, c.want)
		}
	}
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	if err := f.fault("SendMessageBatch", false); err != nil {
		t.Errorf("without the file: %v", err)
	}
}

func TestFaultsOfAnUnreadableFileAreNone(t *testing.T) {
	t.Parallel()
	if err := misbehave(t, `{"refuse": "everything"`).fault("SendMessageBatch", false); err != nil {
		t.Error(err)
	}
}

func TestWithoutAFileEverythingIsAsItIs(t *testing.T) {
	t.Parallel()
	none := &faults{log: quiet}
	if o := none.in(localsqs.Options{}); o.Fault != nil || o.Clock != nil {
		t.Errorf("got %+v", o)
	}
	folder, gateway := blob.NewFolder(t.TempDir()), http.NotFoundHandler()
	if none.blobs(folder) != queue.Blobs(folder) {
		t.Error("the object storage is another")
	}
	answer := httptest.NewRecorder()
	if none.connections(gateway).ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/", nil)); answer.Code != http.StatusNotFound {
		t.Errorf("a post was answered with %d", answer.Code)
	}
}

func TestTheFunctionsClockIsSkewed(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]time.Duration{`{}`: 0, `{"skew_seconds": 86400}`: 24 * time.Hour, `{"skew_seconds": -3600}`: -time.Hour} {
		if got := time.Until(misbehave(t, content).clock()()); got < want-time.Minute || got > want {
			t.Errorf("%s: the clock is ahead by %s, want %s", content, got, want)
		}
	}
}

func TestObjectStorageThatFails(t *testing.T) {
	t.Parallel()
	f := misbehave(t, `{"no_blobs": true}`)
	blobs, files := f.blobs(blob.NewFolder(t.TempDir())), f.files(blob.NewFolderFiles(t.TempDir(), "https://example.com/", time.Now))
	_, getErr := blobs.Get(t.Context(), "a")
	_, putErr := files.Put(t.Context(), "a", blob.Upload{Body: strings.NewReader("x"), MaxBytes: 1})
	_, openErr := files.Open(t.Context(), "a")
	for what, err := range map[string]error{"put": blobs.Put(t.Context(), "a", []byte("x")), "get": getErr, "a file": putErr, "opening it": openErr} {
		if !errors.Is(err, errFault) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := os.WriteFile(f.path, []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := blobs.Put(t.Context(), "a", []byte("x")); err != nil {
		t.Errorf("when the trouble is over: %v", err)
	}
}

func TestEverySecondPostToASocketHangs(t *testing.T) {
	t.Parallel()
	posts := misbehave(t, `{"hang_sockets": true}`).connections(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	ctx, hangUp := context.WithCancel(t.Context())
	posts.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		posts.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("{}")))
	}()
	select {
	case <-ended:
		t.Error("the second post was answered")
	case <-time.After(50 * time.Millisecond):
	}
	hangUp()
	<-ended
}

func TestMovingTheClockEndsAWait(t *testing.T) {
	t.Parallel()
	f := misbehave(t, `{}`)
	hour := time.Now().Add(time.Hour)
	reached, stop := f.Until(hour)
	defer stop()
	if err := os.WriteFile(f.path, []byte(`{"ahead_seconds": 3601}`), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case at := <-reached:
		if at.Before(hour) {
			t.Errorf("reached at %s, before %s", at, hour)
		}
	case <-time.After(10 * time.Second):
		t.Error("the wait goes on")
	}
}
