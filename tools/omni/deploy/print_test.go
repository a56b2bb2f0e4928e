package deploy

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The recordings in testdata are of a real Terraform: the plan as `terraform show -json` writes it, the apply as `terraform apply -json`.

func recorded(t *testing.T) *tfjson.Plan {
	t.Helper()
	content, err := os.ReadFile("testdata/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var plan tfjson.Plan
	plan.UseJSONNumber(true)
	if err := json.Unmarshal(content, &plan); err != nil {
		t.Fatal(err)
	}
	return &plan
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

func TestSummaryOfARecordedPlan(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	summarize(recorded(t)).print(&out, "123456789012")
	golden(t, "plan.txt", out.String())
	if strings.Contains(out.String(), "hidden") {
		t.Error("a sensitive value is shown")
	}
}

// play feeds the recorded apply to a progress at the speed of its own clock.
func play(t *testing.T, d *display, each func(*progress)) {
	t.Helper()
	content, err := os.ReadFile("testdata/apply.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var now time.Time
	p := newProgress(d, summarize(recorded(t)).steps(), func() time.Time { return now })
	events := &listener{handle: func(e event) {
		p.handle(e)
		each(p)
	}}
	for line := range bytes.Lines(content) {
		var at struct {
			Time time.Time `json:"@timestamp"`
		}
		if err := json.Unmarshal(line, &at); err != nil {
			t.Fatal(err)
		}
		now = at.Time
		// Lines may come in pieces.
		if _, err := events.Write(line[:20]); err != nil {
			t.Fatal(err)
		}
		if _, err := events.Write(line[20:]); err != nil {
			t.Fatal(err)
		}
	}
	if got := events.errors(); len(got) != 1 || got[0].Summary != "local-exec provisioner error" {
		t.Errorf("errors %v, want the one of the provisioner", got)
	}
}

func TestProgressInALog(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	play(t, newDisplay(&out, nil), func(*progress) {})
	golden(t, "apply.txt", out.String())
}

func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := newDisplay(&out, &out)
	var statuses []string
	play(t, d, func(p *progress) {
		status := p.status(42 * time.Second)
		d.change(status)
		if len(statuses) == 0 || statuses[len(statuses)-1] != status {
			statuses = append(statuses, status)
		}
	})
	d.change("")
	golden(t, "statuses.txt", strings.Join(statuses, "\n")+"\n")
	if strings.Contains(out.String(), "so far") {
		t.Error("the terminal gets the lines that are for a log")
	}
	if shown := screen(out.String()); strings.Contains(shown, "  ..  ") || !strings.Contains(shown, "\n  created    terraform_data.slow[0]  (41s)\n") {
		t.Errorf("what stays on the screen:\n%s", shown)
	}
}

// screen is what a terminal shows in the end.
func screen(written string) string {
	var lines []string
	for line := range strings.SplitSeq(written, "\n") {
		parts := strings.Split(line, "\r\x1b[K")
		lines = append(lines, parts[len(parts)-1])
	}
	return strings.Join(lines, "\n")
}

func TestAChangingLineFitsTheScreen(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := newDisplay(&out, &out)
	d.change(strings.Repeat("ä", 300))
	if got := len([]rune(out.String())); got != lineWidth {
		t.Errorf("%d characters, want %d", got, lineWidth)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 700 * time.Millisecond: "0.7s", 3 * time.Second: "3s", 12300 * time.Millisecond: "12s", 185 * time.Second: "3m05s", 3700 * time.Second: "61m40s",
	} {
		if got := seconds(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestListenerPassesOverWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	var got []string
	events := &listener{handle: func(e event) { got = append(got, e.Message) }}
	for _, piece := range []string{"a wrapper says hello\n", `{"@mess`, `age": "one"}` + "\n\n" + `{"@message": "two"}` + "\n", `{"@message": "unfinished"`} {
		if n, err := events.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
	}
	if diff := cmp.Diff([]string{"one", "two"}, got); diff != "" {
		t.Error(diff)
	}
}
