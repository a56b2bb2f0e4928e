package simulate

import (
	"strconv"
	"testing"
)

func TestTheLatestHintsAreRemembered(t *testing.T) {
	t.Parallel()
	var l Ledger
	for i := range maxHints + 3 {
		l.Hint(Hint{Thread: strconv.Itoa(i), Typing: true})
	}
	hints := l.Hints()
	if len(hints) != maxHints || hints[0].Thread != "3" || hints[maxHints-1].Thread != strconv.Itoa(maxHints+2) || hints[0].At.IsZero() {
		t.Errorf("%d hints from %v to %v", len(hints), hints[0], hints[len(hints)-1])
	}
}

func TestWordedPrefersTheCustomersWords(t *testing.T) {
	t.Parallel()
	if got := (Scene{}).Worded("made up"); got != "made up" {
		t.Error(got)
	}
	if got := (Scene{Words: "typed"}).Worded("made up"); got != "typed" {
		t.Error(got)
	}
}
