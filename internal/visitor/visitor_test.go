package visitor_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/roster"
	"omni/internal/visitor"
)

const shop = "https://shop.example"

// hostchat is a host whose tokens are the visitors' names.
func init() {
	channels.Register(channels.Spec{
		Name: "hostchat", Title: "Host chat", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "key", Meaning: "The key.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 100, Unit: channels.Characters},
	}, func(env channels.Env) (channels.Channel, error) { return hostchat{Env: env}, nil })
}

type hostchat struct {
	channels.Channel
	channels.Env
}

func (h hostchat) AllowsOrigin(origin string) bool { return origin == h.Secrets.First("origin") }

func (h hostchat) Admit(v channels.Visit) (channels.Admission, error) {
	if v.Identity != nil && v.Identity.Proof != "proved" {
		return channels.Admission{}, channels.ErrIdentity
	}
	return channels.Admission{Token: "ada", Visitor: channels.Visitor{Thread: "ada"}, Settings: channels.HostSettings{AskEmail: channels.AskAway}}, nil
}

func (hostchat) Visitor(r *channels.Request) (channels.Visitor, error) {
	name, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if name == "" || name == "expired" {
		return channels.Visitor{}, errors.New("no visitor")
	}
	return channels.Visitor{Thread: name}, nil
}

func (hostchat) GrantFile(channels.Visitor, channels.HostedFile) string { return "" }

// desk is a handler with what stands behind it.
type desk struct {
	*visitor.Handler
	secrets channels.Secrets
	clock   time.Time
	asked   int // whether an agent is there
	there   bool
	err     error
	log     bytes.Buffer
	calls   []string // of the store, about a conversation
}

func newDesk() *desk {
	d := &desk{secrets: channels.Secrets{"key": {"k"}, "origin": {shop}}, clock: time.Unix(1_796_000_000, 0)}
	now := func() time.Time { return d.clock }
	hosts := roster.New(d, now, roster.Options{Purpose: channels.ForVerify})
	d.Handler = visitor.New(visitor.Options{Hosts: hosts, Store: d, Log: slog.New(slog.NewJSONHandler(&d.log, nil)), Now: now})
	return d
}

func (d *desk) Secrets(context.Context, string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{"shop": d.secrets, "unfinished": {}}, nil
}

func (d *desk) VisitorConversation(context.Context, inbox.VisitorChat) (inbox.VisitedConversation, error) {
	d.calls = append(d.calls, "conversation")
	return inbox.VisitedConversation{}, d.err
}

func (d *desk) VisitorHistory(context.Context, uuid.UUID, inbox.VisitorChat, *inbox.VisitorKey, int) (inbox.VisitorHistory, error) {
	panic("nobody has written")
}

func (d *desk) VisitorChanges(_ context.Context, _ uuid.UUID, _ inbox.VisitorChat, after inbox.FeedCursor) (inbox.VisitorChanges, error) {
	if after == longAgo {
		return inbox.VisitorChanges{}, inbox.ErrFeedExpired
	}
	return inbox.VisitorChanges{Next: inbox.FeedCursor{XID: "900", Seq: 9}, Pending: true}, nil
}

// longAgo is a place that is too far behind.
var longAgo = inbox.FeedCursor{XID: "1", Seq: 1}

func (d *desk) FeedEnd(context.Context) (inbox.FeedCursor, error) {
	d.calls = append(d.calls, "end")
	return inbox.FeedStart, nil
}

func (d *desk) Staffed(context.Context) (bool, error) {
	d.asked++
	return d.there, d.err
}

// ask asks as a page of an origin, with a visitor's token.
func (d *desk) ask(method, path, origin, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/visitors/"+path, strings.NewReader(body))
	r.Header.Set("Origin", origin)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r.WithContext(visitor.WithRequest(r.Context(), "r-1")))
	return w
}

func TestWhoIsAnsweredAndWhoIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path, origin, token, body string
		status                            int
		code                              string
		readable                          bool // by the page
	}{
		"a page that asks first":        {"OPTIONS", "hostchat/shop/session", shop, "", "", 204, "", true},
		"a page that may not ask":       {"OPTIONS", "hostchat/shop/session", "https://evil.example", "", "", 403, "origin_not_allowed", false},
		"a session":                     {"POST", "hostchat/shop/session", shop, "", `{}`, 200, "", true},
		"of another origin":             {"POST", "hostchat/shop/session", "https://evil.example", "", `{}`, 403, "origin_not_allowed", false},
		"of no page":                    {"POST", "hostchat/shop/session", "", "", `{}`, 403, "origin_not_allowed", false},
		"with a proof":                  {"POST", "hostchat/shop/session", shop, "", `{"identity":{"id":"1","hmac":"proved","name":"Ada"}}`, 200, "", true},
		"with a wrong proof":            {"POST", "hostchat/shop/session", shop, "", `{"identity":{"id":"1","hmac":"x"}}`, 403, "identity_invalid", true},
		"with no JSON":                  {"POST", "hostchat/shop/session", shop, "", `]`, 422, "validation", true},
		"with too much":                 {"POST", "hostchat/shop/session", shop, "", `{"token":"` + strings.Repeat("x", 17<<10) + `"}`, 413, "too_large", true},
		"of an account nobody has":      {"POST", "hostchat/nobody/session", shop, "", `{}`, 404, "not_found", false},
		"of one that is not set up":     {"POST", "hostchat/unfinished/session", shop, "", `{}`, 503, "unavailable", false},
		"of a channel nobody has":       {"POST", "pigeon/shop/session", shop, "", `{}`, 404, "not_found", false},
		"messages":                      {"GET", "hostchat/shop/messages", shop, "ada", "", 200, "", true},
		"messages with an old token":    {"GET", "hostchat/shop/messages", shop, "expired", "", 401, "token_invalid", true},
		"messages without a token":      {"GET", "hostchat/shop/messages", shop, "", "", 401, "token_invalid", true},
		"messages since long ago":       {"GET", "hostchat/shop/messages?after=eyJ4aWQiOiIxIiwic2VxIjoxfQ", shop, "ada", "", 410, "feed_expired", true},
		"messages to another origin":    {"GET", "hostchat/shop/messages", "https://evil.example", "ada", "", 403, "origin_not_allowed", false},
		"a socket where there are none": {"POST", "hostchat/shop/ticket", shop, "ada", "", 501, "no_realtime", true},
		"a file where there are none":   {"POST", "hostchat/shop/uploads", shop, "ada", `{}`, 501, "no_files", true},
		"something else":                {"POST", "hostchat/shop/else", shop, "ada", "", 404, "not_found", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDesk().ask(test.method, test.path, test.origin, test.token, test.body)
			if w.Code != test.status || (w.Header().Get("Access-Control-Allow-Origin") == shop) != test.readable {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			var problem struct {
				Code, Detail string
				RequestID    string `json:"request_id"`
			}
			if test.code != "" && (json.Unmarshal(w.Body.Bytes(), &problem) != nil || problem.Code != test.code || problem.Detail == "" || problem.RequestID != "r-1") {
				t.Errorf("%s, want the code %s", w.Body, test.code)
			}
			if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%v", w.Header())
			}
		})
	}
}

// A conversation may begin between two looks at the database: what begins it must not be passed over.
func TestTheFirstMessageIsNotPassedOver(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.ask("GET", "hostchat/shop/messages", shop, "ada", "")
	if !slices.Equal(d.calls, []string{"end", "conversation"}) {
		t.Errorf("the store is asked for %v", d.calls)
	}
	after := base64.RawURLEncoding.EncodeToString([]byte(`{"xid":"7","seq":3}`))
	var part struct{ Next string }
	w := d.ask("GET", "hostchat/shop/messages?after="+after, shop, "ada", "")
	if err := json.Unmarshal(w.Body.Bytes(), &part); err != nil || part.Next != after {
		t.Errorf("%s, %v: want to go on from %s", w.Body, err, after)
	}
}

func TestAFloodOfOneVisitorIsHeldBack(t *testing.T) {
	t.Parallel()
	d := newDesk()
	var last *httptest.ResponseRecorder
	answered := 0
	for range 200 {
		if last = d.ask("GET", "hostchat/shop/messages", shop, "ada", ""); last.Code == http.StatusOK {
			answered++
		}
	}
	if answered != 60 || last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") != "1" {
		t.Errorf("%d are answered, the last one: %d %v", answered, last.Code, last.Header())
	}
	if w := d.ask("GET", "hostchat/shop/messages", shop, "ben", ""); w.Code != http.StatusOK {
		t.Errorf("another visitor: %d", w.Code)
	}
	sessions := 0
	for range 200 {
		if d.ask("POST", "hostchat/shop/session", shop, "", `{}`).Code == http.StatusOK {
			sessions++
		}
	}
	if sessions != 120 {
		t.Errorf("one address got %d sessions", sessions)
	}
}

// Every page that opens asks whether somebody is there. The database is asked now and then.
func TestWhetherSomebodyIsThereIsAskedNowAndThen(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 10 {
		if w := d.ask("POST", "hostchat/shop/session", shop, "", `{}`); !strings.Contains(w.Body.String(), `"away":true`) {
			t.Error(w.Body)
		}
	}
	d.clock, d.there = d.clock.Add(time.Minute), true
	if w := d.ask("POST", "hostchat/shop/session", shop, "", `{}`); !strings.Contains(w.Body.String(), `"away":false`) || d.asked != 2 {
		t.Errorf("%s, asked %d times", w.Body, d.asked)
	}
}

func TestAnOriginThatWasAddedIsFoundWithoutARestart(t *testing.T) {
	t.Parallel()
	d := newDesk()
	const added = "https://new.example"
	d.ask("POST", "hostchat/shop/session", shop, "", `{}`)
	d.secrets = channels.Secrets{"key": {"k"}, "origin": {added}}
	if w := d.ask("POST", "hostchat/shop/session", added, "", `{}`); w.Code != http.StatusForbidden {
		t.Errorf("before a minute has passed: %d", w.Code)
	}
	d.clock = d.clock.Add(2 * time.Minute)
	if w := d.ask("POST", "hostchat/shop/session", added, "", `{}`); w.Code != http.StatusOK {
		t.Errorf("after a minute: %d", w.Code)
	}
}

func TestWhatIsOurFaultIsLoggedAndNotTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		status int
	}{
		"a database that sleeps": {fmt.Errorf("reading: %w", inbox.ErrUnavailable), http.StatusServiceUnavailable},
		"something unexpected":   {errors.New("column of the table"), http.StatusInternalServerError},
	} {
		d := newDesk()
		d.err = test.err
		w := d.ask("GET", "hostchat/shop/messages", shop, "ada", "")
		if w.Code != test.status || strings.Contains(w.Body.String(), "column") || !strings.Contains(d.log.String(), `"request_id":"r-1"`) {
			t.Errorf("%s: %d %s, logged %s", name, w.Code, w.Body, d.log.String())
		}
	}
	d := newDesk()
	d.Store = nil
	if w := d.ask("GET", "hostchat/shop/messages", shop, "ada", ""); w.Code != http.StatusInternalServerError || !strings.Contains(d.log.String(), "panicked") {
		t.Errorf("a panic: %d, logged %s", w.Code, d.log.String())
	}
}
