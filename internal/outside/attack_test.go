package outside

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"omni/internal/inbox"
)

// A host may be written in many ways. Those that are addresses are looked at as such; those that only other programs take for addresses are names, and
// where a name leads is looked at too.
func TestAGuardedClientReachesNothingPrivateHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	client := NewGuardedClient(GuardOptions{Timeout: 20 * time.Second, Resolver: liar(t, []string{"169.254.169.254"})})
	for _, host := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.168.0.1", "172.31.0.1",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[fd00:ec2::254]", "[fe80::1%25lo]", "[64:ff9b::a9fe:a9fe]",
		"[2002:7f00:1::]", "[2001:0:7f00:1::]", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "0", "017700000001", "169.254.43518",
		"127.0.0.1.", "metadata.google.internal", "instance-data.ec2.internal", "a.public.example", "１２７.0.0.1",
	} {
		if err := get(t, client, "http://"+host+"/latest/meta-data/"); !errors.Is(err, ErrPrivateAddress) && !isUnreadableHost(err) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// isUnreadableHost tells whether a URL was refused before anybody was called.
func isUnreadableHost(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "invalid") || strings.Contains(err.Error(), "no such host"))
}

// A name that leads elsewhere each time that it is looked up gains nothing: every address is checked on the connection that is made to it. The one
// for documentation stands for one on the internet, which a test does not call.
func TestANameThatChangesItsMindGainsNothing(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	client := NewGuardedClient(GuardOptions{Timeout: time.Second, Resolver: fickle(t, func(n int) []string {
		return [][]string{{"192.0.2.1"}, {"127.0.0.1"}, {"192.0.2.1", "127.0.0.1"}}[n%3]
	})})
	for range 6 {
		if err := get(t, client, "http://rebinding.example"+port); err == nil {
			t.Error("something was reached")
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the server on this machine was asked %d times", asked.Load())
	}
}

// What an endpoint answers is read as far as it is kept, and as it is: what is packed stays packed.
func TestAnAnswerCostsLittle(t *testing.T) {
	t.Parallel()
	bomb := gzipped(t, 64<<20)
	endless := bytes.Repeat([]byte("x"), 64<<10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(endless)
			}
		case "/redirects":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusPermanentRedirect)
		case "/headers":
			for n := range 10_000 {
				w.Header().Add("X-Many", strings.Repeat("x", n%100))
			}
		}
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	for path, want := range map[string]int{"/bomb": http.StatusOK, "/endless": http.StatusOK, "/redirects": http.StatusPermanentRedirect, "/headers": 0} {
		kept := &keptReply{}
		d := &Deliverer{HTTP: NewGuardedClient(GuardOptions{Private: true}), Replies: kept, Log: slog.New(slog.DiscardHandler), Now: time.Now}
		if err := d.Deliver(t.Context(), inbox.Post{URL: server.URL + path, Body: "{}", At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if kept.reply.Status != want || len(kept.reply.Response) > 3*maxExcerptBytes || kept.reply.Took > deliveryTime {
			t.Errorf("%s: %d, %d bytes, %v", path, kept.reply.Status, len(kept.reply.Response), kept.reply.Took)
		}
	}
}

// keptReply keeps the latest reply.
type keptReply struct{ reply inbox.Reply }

func (k *keptReply) Reply(_ context.Context, r inbox.Reply) error {
	k.reply = r
	return nil
}

// gzipped is so many zeros, packed.
func gzipped(t *testing.T, size int64) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.CopyN(w, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
