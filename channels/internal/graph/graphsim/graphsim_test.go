package graphsim

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
	"omni/channels/simulate"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"plain <b> & \"q\"", `"plain <b> & \"q\""`},
		{"äöå", `"\u00e4\u00f6\u00e5"`},
		{"a/b", `"a\/b"`},
		{"👋", `"\ud83d\udc4b"`},
		{"\u2028", `"\u2028"`},
	}
	for _, test := range tests {
		got := string(Encode(test.text))
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || got != test.want || back != test.text {
			t.Errorf("%q: %s expected, got %s, which reads %q (%v)", test.text, test.want, got, back, err)
		}
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 16, 38} {
		got := Digits(n, "a", "b")
		if len(got) != n || strings.Trim(got, "0123456789") != "" {
			t.Errorf("%d digits expected, got %q", n, got)
		}
	}
	if Digits(16, "ab", "c") == Digits(16, "a", "bc") {
		t.Error("different parts gave the same number")
	}
}

// fake is a channel whose findings a test chooses. It never sends.
type fake struct {
	channels.Sender
	graph.Credentials
	found []channels.Event
	parse error
}

func (f fake) Parse(*channels.Request) ([]channels.Event, error) { return f.found, f.parse }

func (f fake) Normalize(e channels.Event) (channels.Update, error) {
	if string(e.Raw) == "bad" {
		return channels.Update{}, errors.New("unreadable")
	}
	return channels.Update{}, nil
}

func TestCheckNotices(t *testing.T) {
	t.Parallel()
	secrets := channels.Secrets{graph.AppSecret: {"of tests"}}
	platform := Platform{Object: "page", Mid: func(ids IDs) string { return ids.Unique }, Makers: Common()}
	scene := simulate.Scene{Rand: rand.New(rand.NewPCG(1, 2)), At: time.UnixMilli(1785312000250), Account: "9", Run: "r"}
	event, err := platform.Event("text", scene)
	if err != nil {
		t.Fatal(err)
	}
	row := event.Expect[0]
	right := channels.Event{Kind: row.Kind, Account: row.Account, Thread: row.Thread, ID: row.ID}
	changed := func(change func(*channels.Event)) []channels.Event {
		e := right
		change(&e)
		return []channels.Event{e}
	}
	tests := []struct {
		name    string
		channel fake
		ok      bool
	}{
		{"all as announced", fake{nil, graph.NewCredentials(secrets), []channels.Event{right}, nil}, true},
		{"nothing", fake{nil, graph.NewCredentials(secrets), nil, nil}, false},
		{"one too many", fake{nil, graph.NewCredentials(secrets), []channels.Event{right, right}, nil}, false},
		{"another id", fake{nil, graph.NewCredentials(secrets), changed(func(e *channels.Event) { e.ID = "x" }), nil}, false},
		{"another thread", fake{nil, graph.NewCredentials(secrets), changed(func(e *channels.Event) { e.Thread = "x" }), nil}, false},
		{"not normalized", fake{nil, graph.NewCredentials(secrets), changed(func(e *channels.Event) { e.Raw = []byte("bad") }), nil}, false},
		{"not parsed", fake{nil, graph.NewCredentials(secrets), nil, errors.New("no")}, false},
		{"another secret", fake{nil, graph.NewCredentials(nil), []channels.Event{right}, nil}, false},
	}
	for _, test := range tests {
		if err := Check(platform, test.channel, secrets, []simulate.Event{event}); (err == nil) != test.ok {
			t.Errorf("%s: in order: %t expected, got %v", test.name, test.ok, err)
		}
	}
}
