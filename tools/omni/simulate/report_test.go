package simulate

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"omni/tools/omni/agents"
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

func TestAnswersInTheReport(t *testing.T) {
	t.Parallel()
	sums := newTally([]target{{channel: "pigeon"}, {channel: "raven"}})
	sums.looked, sums.answered = true, true
	sums.channels[0].answers = agents.Figures{Messages: 5, Sent: 1, Read: 2, Failed: 1, Uncertain: 1, Taken: 4, Reasons: map[string]int{"It rained.": 1}}
	sums.channels[1].answers = agents.Figures{Refused: 2, Messages: 1, Delivered: 1, Taken: 1, Reasons: map[string]int{"It rained.": 2}}
	var out strings.Builder
	if err := sums.report(&out); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"3 not delivered: It rained.", "of 6 answers 4 were delivered once, 1 failed and say why, 1 are marked as uncertain",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	f := &office{ledger: &agents.Ledger{Complaints: []agents.Complaint{{Channel: "raven", What: "message 1 was delivered twice"}}}}
	f.judge(sums)
	if err := sums.report(io.Discard); !errors.Is(err, ErrLost) {
		t.Errorf("with a complaint: %v", err)
	}
}
