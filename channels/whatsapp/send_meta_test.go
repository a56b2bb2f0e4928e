package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// meta plays Meta for one account, and keeps what messages were posted.
type meta struct {
	simulate.Inspector
	simulate.Listener
	client *http.Client

	mu    sync.Mutex
	posts []string
}

func newMeta(t *testing.T) *meta {
	t.Helper()
	platform, _ := simulate.Lookup("whatsapp")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"shop": accountOf("2001", "EAAG-one")}, nil)
	m := &meta{Inspector: api.(simulate.Inspector), Listener: api.(simulate.Listener)}
	m.client = channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			body, _ := io.ReadAll(r.Body)
			m.mu.Lock()
			m.posts = append(m.posts, string(body))
			m.mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		api.ServeHTTP(w, r)
	}))
	return m
}

func (m *meta) post(t *testing.T) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.posts) != 1 {
		t.Fatalf("posts %q, want one", m.posts)
	}
	return m.posts[0]
}

// disk holds files of zeros, by key.
type disk map[string]int64

func (d disk) Open(_ context.Context, key string) (io.ReadCloser, error) {
	size, ok := d[key]
	if !ok {
		return nil, errors.New("no such file")
	}
	return io.NopCloser(io.LimitReader(zeros{}, size)), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (m *meta) channel(t *testing.T, files disk) channel {
	t.Helper()
	opened, err := open(channels.Env{Secrets: accountOf("2001", "EAAG-one"), HTTP: m.client, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(channel)
}
