package pipeline_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/pipeline"
)

// hostchat is plainchat on pages of our own: the token is the visitor's name.
func init() {
	channels.Register(channels.Spec{
		Name: "hostchat", Title: "Host chat", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "token", Meaning: "what every webhook carries", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 100, Unit: channels.Characters},
	}, func(env channels.Env) (channels.Channel, error) { return hostchat{plainchat{env}}, nil })
}

type hostchat struct{ plainchat }

func (hostchat) AllowsOrigin(origin string) bool { return origin == "https://shop.example" }

func (hostchat) Admit(channels.Visit) (channels.Admission, error) { return channels.Admission{}, nil }

func (hostchat) Visitor(r *channels.Request) (channels.Visitor, error) {
	if r.Header.Get("Visitor") == "" {
		return channels.Visitor{}, errors.New("no visitor")
	}
	return channels.Visitor{Thread: r.Header.Get("Visitor")}, nil
}

func (hostchat) GrantFile(channels.Visitor, channels.HostedFile) string { return "" }

var _ channels.Host = hostchat{}

// reported is what a visitor's page reports.
func reported(visitor, token, body string) pipeline.Delivery {
	header := http.Header{"Token": {token}, "Visitor": {visitor}, "Origin": {"https://shop.example"}}
	return pipeline.Delivery{Channel: "hostchat", Account: "default", Request: channels.Request{Header: header, Body: []byte(body)}}
}

func TestAFloodOfOneVisitorIsHeldBackAndNobodyElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var last pipeline.Answer
	accepted := 0
	for range 100 {
		if last = d.Webhook(t.Context(), reported("ada", "right", "ada 1 hello\n")); last.Status == http.StatusOK {
			accepted++
		}
	}
	if accepted != 30 || last.Status != http.StatusTooManyRequests || last.Header["Retry-After"] != "1" || last.Header["Access-Control-Allow-Origin"] == "" {
		t.Errorf("%d accepted, the last: %+v", accepted, last)
	}
	if answer := d.Webhook(t.Context(), reported("ben", "right", "ben 1 hello\n")); answer.Status != http.StatusOK {
		t.Errorf("another visitor: %+v", answer)
	}
	if stored := len(d.webhooks); stored != 31 {
		t.Errorf("%d webhooks reached the database", stored)
	}
	d.clock = d.clock.Add(2 * time.Second)
	if answer := d.Webhook(t.Context(), reported("ada", "right", "ada 2 sorry\n")); answer.Status != http.StatusOK {
		t.Errorf("after a while: %+v", answer)
	}
}

func TestAPageReadsTheAnswerIfItsOriginMay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, test := range map[string]struct {
		d        pipeline.Delivery
		status   int
		readable bool
	}{
		"right":          {reported("ada", "right", "ada 1 hello\n"), http.StatusOK, true},
		"wrong token":    {reported("ada", "wrong", "ada 1 hello\n"), http.StatusUnauthorized, true},
		"nobody's":       {reported("", "wrong", "ada 1 hello\n"), http.StatusUnauthorized, true},
		"too large":      {reported("ada", "right", strings.Repeat("x", 65<<10)), http.StatusRequestEntityTooLarge, true},
		"another origin": {reported("ada", "right", "ada 2 hello\n"), http.StatusOK, false},
	} {
		if !test.readable {
			test.d.Request.Header.Set("Origin", "https://evil.example")
		}
		answer := d.Webhook(t.Context(), test.d)
		if answer.Status != test.status || (answer.Header["Access-Control-Allow-Origin"] == "https://shop.example") != test.readable {
			t.Errorf("%s: %+v", name, answer)
		}
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		channel, account, origin string
		status                   int
	}{
		"an origin that may":               {"hostchat", "default", "https://shop.example", http.StatusNoContent},
		"another":                          {"hostchat", "default", "https://evil.example", http.StatusForbidden},
		"none":                             {"hostchat", "default", "", http.StatusForbidden},
		"an account that nobody has":       {"hostchat", "nobody's", "https://shop.example", http.StatusNotFound},
		"a channel whose platform is away": {"plainchat", "default", "https://shop.example", http.StatusNotFound},
	} {
		d := pipeline.Delivery{Channel: test.channel, Account: test.account, Request: channels.Request{Header: http.Header{"Origin": {test.origin}}}}
		answer := newDesk(t).Preflight(t.Context(), d)
		if answer.Status != test.status || (answer.Header["Access-Control-Allow-Headers"] != "") != (test.status == http.StatusNoContent) {
			t.Errorf("%s: %+v", name, answer)
		}
	}
}
