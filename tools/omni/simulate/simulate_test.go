package simulate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
)

// pigeon is a platform of the tests: it batches, signs by naming its secret, and has a kind that needs an earlier message.
type pigeon struct{}

func init() {
	for _, name := range []string{"pigeon", "raven"} {
		account := channels.AccountOptional
		if name == "raven" {
			account = channels.AccountRequired
		}
		channels.Register(channels.Spec{
			Name: name, Title: name, Docs: "https://example.com", Account: account, Text: channels.TextLimit{Max: 1, Unit: channels.Bytes},
			Secrets: []channels.Secret{{Name: "ring", Meaning: "The ring on its leg.", For: channels.ForVerify}},
		}, func(channels.Env) (channels.Channel, error) { return nil, errors.New("not opened here") })
		platforms.Register(name, pigeon{})
	}
}

func (pigeon) Kinds() []string { return []string{"letter", "answer"} }

func (pigeon) Event(kind string, s platforms.Scene) (platforms.Event, error) {
	id := fmt.Sprintf("%s-%d", s.Run, s.Serial)
	expected := platforms.Expected{Kind: channels.KindMessage, Thread: s.Customer.Name, ID: id}
	if kind == "answer" {
		if len(s.Earlier) == 0 {
			return platforms.Event{}, errors.New("nothing to answer")
		}
		expected = platforms.Expected{Kind: channels.KindReaction, Thread: s.Customer.Name, ID: id}
	}
	return platforms.Event{Expect: []platforms.Expected{expected}, Item: id}, nil
}

func (pigeon) Webhooks(events []platforms.Event) []platforms.Webhook {
	var all []platforms.Expected
	for _, e := range events {
		all = append(all, e.Expect...)
	}
	body, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return []platforms.Webhook{platforms.NewWebhook(body, events...)}
}

func (pigeon) Sign(w *platforms.Webhook, secrets channels.Secrets) {
	w.Header.Set("Ring", secrets["ring"][0])
}

// server stands in for the product: it checks the ring, keeps what it is sent, and is its own ledger.
type server struct {
	misbehave func(n int, r *http.Request) (status int) // 0: behave; n counts the requests from 1
	finish    func(e platforms.Expected) State          // what becomes of a stored event; nil: Processed

	mu       sync.Mutex
	requests int
	paths    map[string]int
	stored   []platforms.Expected // as often as they came
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.paths[r.URL.Path]++
	var events []platforms.Expected
	status := 0
	if s.misbehave != nil {
		status = s.misbehave(s.requests, r)
	}
	switch {
	case status != 0:
	case r.Header.Get("Ring") != "gold":
		status = http.StatusUnauthorized
	case json.NewDecoder(r.Body).Decode(&events) != nil:
		status = http.StatusBadRequest
	default:
		s.stored, status = append(s.stored, events...), http.StatusOK
	}
	w.WriteHeader(status)
}

func (s *server) Lookup(_ context.Context, _ string, expected []platforms.Expected, _ string) (map[platforms.Expected]State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[platforms.Expected]State{}
	for _, e := range expected {
		if slices.Contains(s.stored, e) {
			found[e] = Processed
			if s.finish != nil {
				found[e] = s.finish(e)
			}
		}
	}
	return found, nil
}

// rings are the secrets of the tests.
type rings map[string]map[string]channels.Secrets

func (r rings) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	return r[channel], nil
}

var gold = channels.Secrets{"ring": {"gold"}}

var known = rings{"pigeon": {"default": gold, "loft": gold}, "raven": {"demo": gold}}

// play runs a simulation against the server and returns its report.
func play(t *testing.T, s *server, o Options) (report string, err error) {
	t.Helper()
	s.paths = map[string]int{}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	var out strings.Builder
	o.URL, o.Customers, o.Concurrency = web.URL, cmp.Or(o.Customers, 3), cmp.Or(o.Concurrency, 4)
	err = Run(t.Context(), o, Parts{Secrets: known, Ledger: s, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: &out})
	return out.String(), err
}

func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	s := &server{}
	report, err := play(t, s, Options{Count: 60, Batch: 3, Duplicates: 0.5, Reorder: 0.5, Forge: 0.2, Seed: 7})
	if err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	for _, want := range []string{"pigeon", "raven", "total", "Nothing is lost"} {
		if !strings.Contains(report, want) {
			t.Errorf("no %q in:\n%s", want, report)
		}
	}
	if s.paths["/webhooks/pigeon"] == 0 || s.paths["/webhooks/raven/demo"] == 0 || len(s.paths) != 2 {
		t.Errorf("paths %v", s.paths)
	}
	distinct := map[platforms.Expected]int{}
	for _, e := range s.stored {
		distinct[e]++
	}
	if len(distinct) == len(s.stored) {
		t.Error("nothing was sent twice")
	}
	if s.requests <= 60 {
		t.Errorf("%d requests, want 60 and repeats", s.requests)
	}
}

func TestFiguresOfAReport(t *testing.T) {
	t.Parallel()
	report, err := play(t, &server{}, Options{Channels: []string{"pigeon"}, Count: 20, Batch: 2, Forge: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	webhooks, events := fields(report, 1), fields(report, 4)
	if want := []string{"pigeon", "20", "0", "20", "20", "0", "0"}; !slices.Equal(webhooks[:len(want)], want) {
		t.Errorf("webhooks %q, want %q in\n%s", webhooks, want, report)
	}
	if want := []string{"pigeon", "0", "0", "0", "0", "0"}; !slices.Equal(events, want) {
		t.Errorf("events %q, want %q in\n%s", events, want, report)
	}
}

func fields(report string, line int) []string {
	return strings.Fields(strings.Split(report, "\n")[line])
}

func TestWhatIsWrongIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server *server
		forge  float64
		want   string
	}{
		"accepted and forgotten": {&server{misbehave: func(n int, _ *http.Request) int {
			if n == 3 {
				return http.StatusOK
			}
			return 0
		}}, 0, "accepted but not stored: "},
		"dead":          {&server{finish: func(platforms.Expected) State { return Dead }}, 0, "dead: "},
		"not processed": {&server{finish: func(platforms.Expected) State { return Stored }}, 0, "stored but not processed: "},
		"refused":       {&server{misbehave: func(int, *http.Request) int { return http.StatusUnauthorized }}, 0, "other secrets"},
		"not found":     {&server{misbehave: func(int, *http.Request) int { return http.StatusNotFound }}, 0, "404 Not Found (1 attempts)"},
		"forged and accepted": {&server{misbehave: func(int, *http.Request) int { return http.StatusOK }}, 1,
			"a forged webhook was not refused with 401: 200 OK"},
	} {
		report, err := play(t, c.server, Options{Channels: []string{"pigeon"}, Count: 10, Forge: c.forge, Seed: 1, Wait: time.Millisecond})
		if !errors.Is(err, ErrLost) || !strings.Contains(report, c.want) {
			t.Errorf("%s: %v, no %q in\n%s", name, err, c.want, report)
		}
		if complaints := strings.Count(report, "\npigeon: "); complaints > named+1 {
			t.Errorf("%s: %d complaints, want the first few", name, complaints)
		}
	}
}

func TestForgedAndStoredIsFound(t *testing.T) {
	t.Parallel()
	everything := &believer{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer web.Close()
	var out strings.Builder
	err := Run(t.Context(), Options{URL: web.URL, Channels: []string{"pigeon"}, Count: 2, Forge: 1},
		Parts{Secrets: known, Ledger: everything, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: &out})
	if !errors.Is(err, ErrLost) || !strings.Contains(out.String(), "forged and yet stored: ") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// believer is a ledger that has everything.
type believer struct{}

func (believer) Lookup(_ context.Context, _ string, expected []platforms.Expected, _ string) (map[platforms.Expected]State, error) {
	found := map[platforms.Expected]State{}
	for _, e := range expected {
		found[e] = Processed
	}
	return found, nil
}

func TestBusyServerIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		s := &server{misbehave: func(n int, _ *http.Request) int {
			if n == 1 {
				return status
			}
			return 0
		}}
		report, err := play(t, s, Options{Channels: []string{"pigeon"}, Count: 1, Concurrency: 1})
		if err != nil || s.requests != 2 {
			t.Errorf("%d: %d requests, %v\n%s", status, s.requests, err, report)
		}
		if got := fields(report, 1)[6]; got != "1" {
			t.Errorf("%d: %s retries in\n%s", status, got, report)
		}
	}
}

func TestPipelineThatTakesItsTime(t *testing.T) {
	t.Parallel()
	looks := map[platforms.Expected]int{}
	s := &server{finish: func(e platforms.Expected) State {
		if looks[e]++; looks[e] < 2 {
			return Stored
		}
		return Processed
	}}
	if report, err := play(t, s, Options{Channels: []string{"pigeon"}, Count: 3, Wait: time.Minute}); err != nil {
		t.Errorf("%v\n%s", err, report)
	}
}

func TestInterruptedRunIsStillJudged(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	s := &server{paths: map[string]int{}, misbehave: func(n int, _ *http.Request) int {
		if n == 5 {
			interrupt()
		}
		return 0
	}}
	web := httptest.NewServer(s)
	defer web.Close()
	var out strings.Builder
	err := Run(ctx, Options{URL: web.URL, Rate: 1000, Concurrency: 1}, // no end but the interrupt
		Parts{Secrets: known, Ledger: s, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: &out})
	if err != nil || !strings.Contains(out.String(), "Nothing is lost") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestWithoutALedger(t *testing.T) {
	t.Parallel()
	s := &server{paths: map[string]int{}}
	web := httptest.NewServer(s)
	defer web.Close()
	var out strings.Builder
	err := Run(t.Context(), Options{URL: web.URL + "/", Count: 3},
		Parts{Secrets: known, Client: web.Client(), Progress: NewProgress(io.Discard, false), Out: &out})
	if err != nil || !strings.Contains(out.String(), "The database was not looked at") || strings.Contains(out.String(), "EVENTS") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	s := &server{paths: map[string]int{}}
	started := time.Now()
	if report, err := play(t, s, Options{Channels: []string{"pigeon"}, Rate: 100, Duration: 200 * time.Millisecond}); err != nil {
		t.Fatalf("%v\n%s", err, report)
	}
	if s.requests != 20 {
		t.Errorf("%d webhooks at 100 a second for 0.2 seconds, want 20", s.requests)
	}
	if took := time.Since(started); took < 190*time.Millisecond {
		t.Errorf("sent within %s, want them spread over 0.19 s", took)
	}
}
