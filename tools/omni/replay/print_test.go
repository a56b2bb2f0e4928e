package replay

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	reading := func(thread, content string) *inbox.Reading {
		return &inbox.Reading{Thread: thread, Content: []byte(content)}
	}
	for name, c := range map[string]struct {
		before, after *inbox.Reading
		want          []string
	}{
		"equal":   {reading("a", `{"x": 1}`), reading("a", `{"x":1}`), nil},
		"changed": {reading("a", `{"x": "1"}`), reading("b", `{"x": 1}`), []string{`- content.x: "1"`, "+ content.x: 1", `- thread: "a"`, `+ thread: "b"`}},
		"added":   {reading("a", `{}`), reading("a", `{"x": [true, {"y": null}]}`), []string{"- content: {}", "+ content.x[0]: true", "+ content.x[1].y: null"}},
		"removed": {reading("a", `[1, 2]`), reading("a", `[1]`), []string{"- content[1]: 2"}},
		"new":     {nil, reading("a", `{"x": []}`), []string{"+ content.x: []", `+ thread: "a"`}},
		"nothing": {nil, nil, nil},
		"no JSON": {reading("a", "x"), nil, []string{`- content: "x"`}},
		"hostile": {nil, reading("\x1b[31m", `{"<": "\u001b"}`), []string{`+ content.<: "\u001b"`, `+ thread: "\u001b[31m"`}},
	} {
		var got []string
		for _, change := range compare(c.before, c.after) {
			got = append(got, change.sign+" "+change.path+": "+change.value)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDifferencesAreShown(t *testing.T) {
	t.Parallel()
	many := "[0"
	for n := range 100 {
		many += fmt.Sprint(", ", n)
	}
	base := pipeline.Difference{
		Channel: "pigeon", Webhook: uuid.Max, ReceivedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local), Event: channels.Event{Kind: channels.KindMessage, ID: "m\x1b1"},
	}
	for want, change := range map[string]func(*pipeline.Difference){
		`new  pigeon message "m\u001b1"`:                                        func(d *pipeline.Difference) { d.Verdict = pipeline.New },
		"webhook ffffffff-ffff-ffff-ffff-ffffffffffff of 2026-01-02 03:04:05\n": func(d *pipeline.Difference) {},
		"row ffffffff":                          func(d *pipeline.Difference) { d.Row = uuid.Max },
		`it died of: "no such type"`:            func(d *pipeline.Difference) { d.Verdict, d.Reason = pipeline.Understood, "no such type" },
		`today's code says: "no such type"`:     func(d *pipeline.Difference) { d.Verdict, d.Reason = pipeline.Lost, "no such type" },
		"  written\n":                           func(d *pipeline.Difference) { d.Written = true },
		`not written: "too large"`:              func(d *pipeline.Difference) { d.Refused = "too large" },
		"... and 41 more lines":                 func(d *pipeline.Difference) { d.After = &inbox.Reading{Content: []byte(many + "]")} },
		strings.Repeat("x", longestValue) + "…": func(d *pipeline.Difference) { d.Reason = strings.Repeat("x", 1000) },
	} {
		d := base
		change(&d)
		var out strings.Builder
		show := printer{out: &out}
		show.difference(d)
		if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "\x1b") {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	var colored strings.Builder
	show := printer{out: &colored, color: true}
	base.Before = &inbox.Reading{Content: []byte("1")}
	if show.difference(base); !strings.Contains(colored.String(), "\x1b[31m- content: 1\x1b[0m") {
		t.Errorf("no colour in %q", colored.String())
	}
}

// broken is an output that takes nothing.
type broken struct{ writes int }

var errBroken = errors.New("broken pipe")

func (b *broken) Write([]byte) (int, error) {
	b.writes++
	return 0, errBroken
}

func TestABrokenOutputIsNoticed(t *testing.T) {
	t.Parallel()
	out := &broken{}
	show := printer{out: out}
	show.difference(pipeline.Difference{})
	if show.difference(pipeline.Difference{}); !errors.Is(show.err, errBroken) || out.writes != 1 {
		t.Errorf("%v after %d writes", show.err, out.writes)
	}
}

func TestMeter(t *testing.T) {
	t.Parallel()
	for _, live := range []bool{true, false} {
		var out strings.Builder
		m := meter{out: &out, live: live}
		m.show(pipeline.Progress{Webhooks: 1})
		if m.clear(); out.Len() > 0 {
			t.Errorf("live %t: at once: %q", live, out.String())
		}
		m.told = m.told.Add(-time.Minute)
		m.show(pipeline.Progress{Webhooks: 25})
		m.clear()
		got := out.String()
		if !strings.HasPrefix(got, "25 webhooks read, up to ") || strings.HasSuffix(got, "\r\x1b[K") != live || strings.HasSuffix(got, "\n") == live {
			t.Errorf("live %t: %q", live, got)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		tally       pipeline.Tally
		apply       bool
		differences int
	}{
		"no such webhooks":               {},
		"Nothing differs":                {tally: pipeline.Tally{Webhooks: 3, Same: 9}},
		"--apply writes 3 of them":       {tally: pipeline.Tally{Webhooks: 3, New: 1, Changed: 1, Understood: 1, Gone: 1}, differences: 4},
		"--apply would write none":       {tally: pipeline.Tally{Webhooks: 3, Gone: 1}, differences: 1},
		"1 of 2 differences are written": {tally: pipeline.Tally{Webhooks: 3, New: 2, Written: 1, Refused: 1}, apply: true, differences: 2},
	} {
		if got := verdict(c.tally, c.apply, c.differences); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
