package pipeline_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/internal/pipeline"
)

func delivery(account, token, body string) pipeline.Delivery {
	return pipeline.Delivery{
		Channel: "plainchat", Account: account, RequestID: "request-1",
		Request: channels.Request{Header: http.Header{"Token": {token}, "User-Agent": {"test"}}, Body: []byte(body)},
	}
}

func TestWebhook(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*desk)
		give    pipeline.Delivery
		status  int
		counts  map[string]int
		stored  int    // webhooks
		queued  int    // jobs
		spilled int    // parts
		logged  string // part of the log
	}{
		"accepted": {
			give: delivery("default", "right", "a 1 hello\na 2 ?\n"), status: 200, stored: 1, queued: 1,
			counts: map[string]int{"received": 1, "stored": 2, "unknown": 1}, logged: `"request_id":"request-1"`,
		},
		"another account": {
			give: delivery("shop", "other", "a 1 hello\n"), status: 200, stored: 1, queued: 1, counts: map[string]int{"received": 1, "stored": 1},
		},
		"no events": {give: delivery("default", "right", ""), status: 200, stored: 1, queued: 1, counts: map[string]int{"received": 1}},
		"wrong signature": {
			give: delivery("default", "wrong", "secret text"), status: 401, counts: map[string]int{"received": 1, "refused": 1}, logged: `"bytes":11,"sha256":"`,
		},
		"another account's signature": {
			give: delivery("shop", "right", ""), status: 401, counts: map[string]int{"received": 1, "refused": 1},
		},
		"unknown account": {
			give: delivery("nobody", "right", ""), status: 404, counts: map[string]int{"received": 1, "refused": 1}, logged: `unknown credential account \"nobody\"`,
		},
		"unknown channel": {
			give: pipeline.Delivery{Channel: "pigeon"}, status: 404, counts: map[string]int{"received": 1, "refused": 1}, logged: "no such channel",
		},
		"too large": {
			give: delivery("default", "right", strings.Repeat("x", pipeline.MaxBody+1)), status: 413, counts: map[string]int{"received": 1, "refused": 1},
		},
		"no secrets": {
			prepare: func(d *desk) { d.secrets.accounts = nil },
			give:    delivery("default", "", ""), status: 503, counts: map[string]int{"received": 1, "failed": 1}, logged: `"missing":["token"]`,
		},
		"an empty secret": {
			prepare: func(d *desk) { d.secrets.accounts["default"]["token"] = []string{""} },
			give:    delivery("default", "", ""), status: 503, counts: map[string]int{"received": 1, "failed": 1}, logged: `"missing":["token"]`,
		},
		"secrets cannot be read": {
			prepare: func(d *desk) { d.secrets.err = errors.New("no such file") },
			give:    delivery("default", "", ""), status: 503, counts: map[string]int{"received": 1, "failed": 1}, logged: "no such file",
		},
		"cannot be read": {
			give: delivery("default", "right", "nonsense"), status: 200, stored: 1, queued: 1,
			counts: map[string]int{"received": 1, "parse_error": 1}, logged: "has no three fields",
		},
		"the parser panics": {
			give: delivery("default", "right", "panic\n"), status: 200, stored: 1, queued: 1,
			counts: map[string]int{"received": 1, "parse_error": 1}, logged: "Parse panicked: a mistake of the plugin",
		},
		"the database is away": {
			prepare: func(d *desk) { d.storeErr = errors.New("connection refused") },
			give:    delivery("default", "right", "a 1 hello\nb 2 ?\n"), status: 200, spilled: 2,
			counts: map[string]int{"received": 1, "spilled": 1, "unknown": 1}, logged: "connection refused",
		},
		"the database is away and the body cannot be read": {
			prepare: func(d *desk) { d.storeErr = errors.New("connection refused") },
			give:    delivery("default", "right", "nonsense"), status: 200, spilled: 1,
			counts: map[string]int{"received": 1, "spilled": 1, "parse_error": 1},
		},
		"database and queue are away": {
			prepare: func(d *desk) { d.storeErr, d.queueErr = errors.New("connection refused"), errors.New("out of order") },
			give:    delivery("default", "right", "a 1 hello\n"), status: 500, counts: map[string]int{"received": 1, "failed": 1}, logged: "out of order",
		},
		"the queue is away": {
			prepare: func(d *desk) { d.queueErr = errors.New("connection refused") },
			give:    delivery("default", "right", "a 1 hello\n"), status: 500, stored: 1, counts: map[string]int{"received": 1, "failed": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if test.prepare != nil {
				test.prepare(d)
			}
			answer := d.Webhook(t.Context(), test.give)
			if answer.Status != test.status {
				t.Errorf("status %d, got %d (%s)", test.status, answer.Status, d.log)
			}
			if len(d.webhooks) != test.stored || len(d.jobs) != test.queued || len(d.parts) != test.spilled {
				t.Errorf("%d webhooks, %d jobs and %d parts wanted, got %d, %d and %d",
					test.stored, test.queued, test.spilled, len(d.webhooks), len(d.jobs), len(d.parts))
			}
			if diff := cmp.Diff(test.counts, d.meter.counts); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
			if log := d.log.String(); !strings.Contains(log, test.logged) || strings.Contains(log, "secret text") {
				t.Errorf("logged: %s", log)
			}
		})
	}
}

func TestAnAcceptedWebhookIsAnsweredWithNothing(t *testing.T) {
	t.Parallel()
	// Telegram executes a body that looks like an API call.
	if answer := newDesk(t).Webhook(t.Context(), delivery("default", "right", "a 1 hello\n")); answer.Body != "" {
		t.Errorf("body %q", answer.Body)
	}
}

func TestAWebhookIsStoredAsItCame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Webhook(t.Context(), delivery("shop", "other", "a 1 hello\n"))
	w := d.webhooks[0]
	if string(w.Body) != "a 1 hello\n" || w.CredentialAccount != "shop" || w.RequestID != "request-1" {
		t.Errorf("stored %+v", w)
	}
	if diff := cmp.Diff(map[string]string{"User-Agent": "test"}, w.Headers); diff != "" {
		t.Errorf("headers, without the secret one (-want +got):\n%s", diff)
	}
	if w.Events[0].Account != "shop" {
		t.Errorf("the credential account stands for a channel account that the body does not name; got %q", w.Events[0].Account)
	}
}

func TestSecretsAreReadAgainAtMostOnceAMinuteAfterARefusal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	send := func(token string) int { return d.Webhook(t.Context(), delivery("default", token, "")).Status }
	send("right")
	d.secrets.accounts = map[string]channels.Secrets{"default": {"token": {"new"}}}
	for range 3 {
		if status := send("new"); status != http.StatusUnauthorized {
			t.Errorf("before a minute has passed: %d", status)
		}
	}
	d.clock = d.clock.Add(time.Minute)
	if status := send("new"); status != http.StatusOK {
		t.Errorf("after a minute: %d", status)
	}
	if status := send("right"); status != http.StatusUnauthorized {
		t.Errorf("with the old secret: %d", status)
	}
	if d.secrets.reads != 2 {
		t.Errorf("the secrets were read %d times", d.secrets.reads)
	}
}

func TestANewAccountIsFoundWithoutARestart(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	send := func() int { return d.Webhook(t.Context(), delivery("late", "t", "")).Status }
	if status := send(); status != http.StatusNotFound {
		t.Errorf("before it exists: %d", status)
	}
	d.secrets.accounts["late"] = channels.Secrets{"token": {"t"}}
	d.clock = d.clock.Add(time.Minute)
	if status := send(); status != http.StatusOK {
		t.Errorf("a minute after it was added: %d", status)
	}
}

func TestADatabaseThatDoesNotAnswerIsAskedAgainByOneWebhookNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		send := func() time.Duration {
			start := time.Now()
			if answer := d.Webhook(t.Context(), delivery("default", "right", "a 1 hello\n")); answer.Status != http.StatusOK {
				t.Fatalf("answered with %d", answer.Status)
			}
			return time.Since(start)
		}
		d.freeze = true
		if took := send(); took < 500*time.Millisecond || took > time.Second {
			t.Errorf("the first webhook waited %s for the database", took)
		}
		if took := send(); took != 0 || d.asked != 1 {
			t.Errorf("the second one waited %s, and the database was asked %d times", took, d.asked)
		}
		d.clock = d.clock.Add(5 * time.Second)
		send()
		send()
		if d.asked != 2 {
			t.Errorf("after a while the database was asked %d times; 2 wanted", d.asked)
		}
		d.freeze, d.clock = false, d.clock.Add(5*time.Second)
		send()
		send()
		if d.asked != 4 || len(d.webhooks) != 2 || len(d.parts) != 4 {
			t.Errorf("once it answers it is used: asked %d, stored %d, spilled %d", d.asked, len(d.webhooks), len(d.parts))
		}
		d.freeze = true
		send()
		d.freeze, d.clock = false, d.clock.Add(-48*time.Hour)
		if send(); d.asked != 6 {
			t.Errorf("a clock that went back keeps the database from being asked: %d times; 6 wanted", d.asked)
		}
	})
}

func TestHandshake(t *testing.T) {
	for name, test := range map[string]struct {
		channel, token string
		status         int
		body           string
	}{
		"right token":     {"plainchat", "open", 200, "welcome"},
		"wrong token":     {"plainchat", "shut", 403, "Forbidden"},
		"unknown channel": {"pigeon", "open", 404, "Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			answer := d.Handshake(t.Context(), pipeline.Delivery{
				Channel: test.channel, Account: "default", Request: channels.Request{Query: url.Values{"token": {test.token}}},
			})
			if answer.Status != test.status || answer.Body != test.body {
				t.Errorf("got %+v", answer)
			}
		})
	}
}
