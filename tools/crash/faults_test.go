package crash

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"omni/channels"
)

// first are the first faults of a plan.
func first(n int, seed uint64) (faults []fault) {
	for i, f := range plan(seed) {
		if i == n {
			break
		}
		faults = append(faults, f)
	}
	return faults
}

func inWords(faults []fault) string {
	var lines []string
	for _, f := range faults {
		lines = append(lines, fmt.Sprint(f.pause, " ", f))
	}
	return strings.Join(lines, "\n")
}

func TestASeedRepeatsItsFaults(t *testing.T) {
	t.Parallel()
	if one, again := inWords(first(50, 7)), inWords(first(50, 7)); one != again {
		t.Error("the same seed made other faults")
	}
	if inWords(first(50, 7)) == inWords(first(50, 8)) {
		t.Error("another seed made the same faults")
	}
	if !strings.HasPrefix(inWords(first(50, 7)), inWords(first(10, 7))) {
		t.Error("a longer run begins with other faults")
	}
}

func TestEveryTroubleComesBeforeAnyComesAgain(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	kills, twice, quiet := 0, 0, 0
	for _, f := range first(20*len(troubles), 1) {
		seen[f.trouble.name]++
		kills += len(f.kills)
		if len(f.kills) > 1 {
			twice++
		}
		if f.onlyDatabase() {
			quiet++
		}
		if f.trouble.name == "nothing else" && len(f.kills) == 0 {
			t.Error("a round without any fault")
		}
	}
	for _, trouble := range troubles {
		if seen[trouble.name] != 20 {
			t.Errorf("%s came %d times in 20 decks", trouble.name, seen[trouble.name])
		}
	}
	if kills < 100 || twice < 10 || quiet < 10 {
		t.Errorf("%d kills, %d rounds with several, %d rounds in which only the database is in trouble", kills, twice, quiet)
	}
}

// Only pages of visitors may be told that they send too much.
func TestOnlyAPageMaySendTooMuch(t *testing.T) {
	t.Parallel()
	pages := 0
	for _, spec := range channels.Specs() {
		hosted := channels.IsHosted(spec.Name)
		if hosted {
			pages++
		}
		for _, account := range []string{channels.DefaultAccount, "demo"} {
			path := spec.WebhookPath(account)
			if got := (answer{path: path, status: http.StatusTooManyRequests}).proper(); got != hosted {
				t.Errorf("429 to %s: %t, want %t", path, got, hosted)
			}
		}
	}
	if pages == 0 || pages == len(channels.Specs()) {
		t.Errorf("%d of %d channels have pages", pages, len(channels.Specs()))
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	a := &answers{all: []answer{
		{path: "/before", begun: noon.Add(-time.Second), status: http.StatusInternalServerError},
		{path: "/good", begun: noon.Add(time.Second), took: time.Second, status: http.StatusOK},
		{path: "/forged", begun: noon.Add(time.Second), status: http.StatusUnauthorized},
		{path: "/slow", begun: noon.Add(time.Second), took: 3 * time.Second, status: http.StatusOK},
		{path: "/refused", begun: noon.Add(2 * time.Second), status: http.StatusInternalServerError},
		{path: "/nobody", begun: noon.Add(3 * time.Second), err: http.ErrHandlerTimeout},
		{path: "/after", begun: noon.Add(11 * time.Second), status: http.StatusInternalServerError},
	}}
	got := strings.Join(a.broken(noon, noon.Add(10*time.Second), 2*time.Second), "\n")
	want := "/slow was answered after 3.0s with 200 OK\n/refused was answered after 0.0s with 500 Internal Server Error\n" +
		"/nobody was answered after 0.0s with http: Handler timeout"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	a.plain = []answer{{begun: noon.Add(time.Second), took: time.Second}, {begun: noon.Add(-time.Minute), took: 20 * time.Second}}
	if got := strings.Join(a.broken(noon, noon.Add(10*time.Second), 2*time.Second), "\n"); strings.Contains(got, "/slow") {
		t.Errorf("the machine was slow at the time:\n%s", got)
	}
	if s := a.summary(); s.accepted != 2 || s.forged != 1 || s.refused != 3 || s.none != 1 || s.slowest != 3*time.Second {
		t.Errorf("summary %+v", s)
	}
}
