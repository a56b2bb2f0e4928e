package simulate

import (
	"testing"
	"time"
)

func TestAdmit(t *testing.T) {
	t.Parallel()
	var r rates
	start := time.Unix(1790000000, 0)
	for _, step := range []struct {
		name string
		at   time.Duration
		want bool
	}{
		{"a", 0, true},
		{"a", 300 * time.Millisecond, true},
		{"a", 999 * time.Millisecond, false}, // the third in a second
		{"b", 999 * time.Millisecond, true},
		{"a", time.Second, true}, // the first is a second ago, and what was refused does not count
		{"a", 1299 * time.Millisecond, false},
		{"a", 1300 * time.Millisecond, true},
	} {
		if got := r.admit(2, step.name, start.Add(step.at)); got != step.want {
			t.Errorf("%s after %s: %v", step.name, step.at, got)
		}
	}
	r.lifted = true
	for range 9 {
		if !r.admit(2, "a", start.Add(1400*time.Millisecond)) {
			t.Error("not admitted after the limits were lifted")
		}
	}
}

func TestPeak(t *testing.T) {
	t.Parallel()
	at := func(account string, milliseconds ...int64) []Delivery {
		var all []Delivery
		for _, ms := range milliseconds {
			all = append(all, Delivery{Account: account, At: time.UnixMilli(ms)})
		}
		return all
	}
	for name, test := range map[string]struct {
		deliveries []Delivery
		want       int
	}{
		"none":           {nil, 0},
		"one":            {at("a", 5), 1},
		"a whole second": {at("a", 0, 1000), 1},
		"across seconds": {at("a", 0, 900, 1100, 1899, 2100), 3},
		"out of order":   {at("a", 1899, 0, 1100, 900), 3},
		"two accounts":   {append(at("a", 0, 1), at("b", 2, 3, 4)...), 3},
	} {
		if got := Peak(test.deliveries); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
