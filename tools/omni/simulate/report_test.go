package simulate

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	var hundred []time.Duration
	for i := 1; i <= 100; i++ {
		hundred = append(hundred, time.Duration(i)*time.Millisecond)
	}
	for _, c := range []struct {
		sorted  []time.Duration
		percent float64
		want    time.Duration
	}{
		{nil, 50, 0},
		{hundred[:1], 99, time.Millisecond},
		{hundred, 50, 50 * time.Millisecond},
		{hundred, 99, 99 * time.Millisecond},
		{hundred, 100, 100 * time.Millisecond},
		{[]time.Duration{1234567}, 50, 1200 * time.Microsecond},
		{[]time.Duration{1234567890}, 50, 1235 * time.Millisecond},
	} {
		if got := percentile(c.sorted, c.percent); got != c.want {
			t.Errorf("p%g of %d: %s, want %s", c.percent, len(c.sorted), got, c.want)
		}
	}
}
