package outside_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/outside"
)

// replies takes what came of attempts, unless the queue is away.
type replies struct {
	got []inbox.Reply
	err error
}

func (r *replies) Reply(_ context.Context, reply inbox.Reply) error {
	r.got = append(r.got, reply)
	return r.err
}

// deliver makes one attempt to deliver to a URL.
func deliver(t *testing.T, url string, client channels.Doer) inbox.Reply {
	t.Helper()
	r := &replies{}
	d := &outside.Deliverer{HTTP: client, Replies: r, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	post := inbox.Post{
		Delivery: uuid.New(), Subscription: uuid.New(), Attempt: 2, URL: url, Event: uuid.New(), At: time.Now(), Signature: "v1,abc", Body: `{"a":1}`,
	}
	if err := d.Deliver(t.Context(), post); err != nil || len(r.got) != 1 {
		t.Fatalf("%d replies, %v", len(r.got), err)
	}
	got := r.got[0]
	if got.Delivery != post.Delivery || got.Subscription != post.Subscription || got.Attempt != 2 || time.Since(got.At) > time.Minute {
		t.Errorf("%+v", got)
	}
	return got
}

var open = outside.NewGuardedClient(outside.GuardOptions{Private: true})

func TestWhatAnEndpointAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer   func(http.ResponseWriter)
		status   int
		err      string // part of it; empty: it was taken
		response string
		wait     time.Duration
	}{
		"taken":            {func(w http.ResponseWriter) { w.WriteHeader(http.StatusAccepted) }, 202, "", "", 0},
		"taken with words": {func(w http.ResponseWriter) { fmt.Fprint(w, " thank you\n") }, 200, "", "thank you", 0},
		"refused": {func(w http.ResponseWriter) {
			http.Error(w, "no such \xff route", http.StatusNotFound)
		}, 404, "404 Not Found", "no such \ufffd route", 0},
		"moved": {func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://169.254.169.254/")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, 307, "307", "", 0},
		"busy": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 429, "429", "", 2 * time.Minute},
		"busy in other words": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "soon")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, 503, "503", "", 0},
		"endless": {func(w http.ResponseWriter) { io.Copy(w, io.LimitReader(endless{}, 10<<20)) }, 200, "", strings.Repeat("x", 1<<10), 0},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Method != http.MethodPost || string(body) != `{"a":1}` || r.Header.Get("Content-Type") != "application/json" ||
				r.Header.Get("webhook-signature") != "v1,abc" || r.Header.Get("webhook-id") == "" || r.Header.Get("webhook-timestamp") == "" {
				t.Errorf("%s %s with %v", r.Method, body, r.Header)
			}
			test.answer(w)
		}))
		defer server.Close()
		got := deliver(t, server.URL, open)
		if got.Status != test.status || got.Response != test.response || got.RetryAfter != test.wait || got.Stale {
			t.Errorf("%s: %+v", name, got)
		}
		if (got.Error == "") != (test.err == "") || !strings.Contains(got.Error, test.err) {
			t.Errorf("%s: %q", name, got.Error)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestAnEndpointMayNameTheTimeToComeBack(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	if got := deliver(t, server.URL, open); got.RetryAfter < 50*time.Minute || got.RetryAfter > time.Hour {
		t.Errorf("%s", got.RetryAfter)
	}
}

// failing is a client whose requests end with an error.
type failing struct{ err error }

func (f failing) Do(*http.Request) (*http.Response, error) { return nil, f.err }

func TestWhyThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, test := range []struct {
		url    string
		client channels.Doer
		want   string
	}{
		{server.URL + "/?key=secret", open, "refused"},
		{"http://127.0.0.1:1/", outside.NewGuardedClient(outside.GuardOptions{}), "not on the internet"},
		{"https://example.com/", failing{fmt.Errorf("posting: %w", context.DeadlineExceeded)}, "no answer within 10 seconds"},
		{"https://example.com/secret%zz", open, "cannot be called"},
	} {
		got := deliver(t, test.url, test.client)
		if got.Status != 0 || !strings.Contains(got.Error, test.want) || strings.Contains(got.Error, "secret") {
			t.Errorf("%s: %+v", test.url, got)
		}
	}
}

func TestAnAttemptThatWaitedTooLongIsNotMade(t *testing.T) {
	t.Parallel()
	r := &replies{}
	d := &outside.Deliverer{HTTP: failing{errors.New("nothing is to be posted")}, Replies: r, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if err := d.Deliver(t.Context(), inbox.Post{At: time.Now().Add(-10 * time.Minute)}); err != nil || !r.got[0].Stale || r.got[0].Error != "" {
		t.Errorf("%+v, %v", r.got, err)
	}
}

func TestADeliveryThatCannotBeReportedComesAgain(t *testing.T) {
	t.Parallel()
	r := &replies{err: errors.New("the queue is away")}
	d := &outside.Deliverer{HTTP: failing{errors.New("down")}, Replies: r, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if err := d.Deliver(t.Context(), inbox.Post{At: time.Now(), URL: "https://example.com"}); !errors.Is(err, r.err) {
		t.Errorf("got %v", err)
	}
}
