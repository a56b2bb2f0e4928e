package simulate

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	platforms "omni/channels/simulate"
	"omni/tools/omni/agents"
)

// tally is what became of everything that was sent.
type tally struct {
	looked   bool // the ledger was asked
	answered bool // agents answered
	channels []*channelTally

	mu sync.Mutex // guards the channels while webhooks are sent
}

// channelTally is one channel's part of it.
type channelTally struct {
	target target
	figures
	complaints []string // what is wrong, a sentence each

	wanted   []platforms.Expected // events of accepted webhooks, in order, each once
	known    map[platforms.Expected]bool
	fakes    []platforms.Expected // events of forged webhooks, which must not be stored
	states   map[platforms.Expected]State
	believed map[platforms.Expected]State // fakes that are stored
}

// figures are the numbers of a report.
type figures struct {
	// Webhooks. Repeats are only counted as such.
	sent, accepted, forged, refused, repeated, retries int
	latencies                                          []time.Duration

	// Events of accepted webhooks, by their state in the end.
	events, processed, stored, dead, missing int

	answers agents.Figures
}

func newTally(targets []target) *tally {
	t := &tally{}
	for _, target := range targets {
		t.channels = append(t.channels, &channelTally{target: target, known: map[platforms.Expected]bool{}})
	}
	return t
}

// record writes down one delivery.
func (t *tally) record(d delivery, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.channels[d.target]
	c.latencies = append(c.latencies, o.latency)
	c.retries += o.Attempts - 1
	if d.repeat {
		c.repeated++
	} else {
		c.sent++
	}
	switch {
	case d.forged:
		c.recordForged(d, o)
	case o.Status == http.StatusOK:
		c.recordAccepted(d)
	default:
		c.complain("a webhook was not accepted: %s", o.String())
	}
}

func (c *channelTally) recordAccepted(d delivery) {
	if !d.repeat {
		c.accepted++
	}
	for _, event := range d.webhook.Events {
		c.want(event.Expect)
	}
}

// want adds what has to be in the ledger.
func (c *channelTally) want(expected []platforms.Expected) {
	for _, e := range expected {
		if !c.known[e] {
			c.known[e] = true
			c.wanted = append(c.wanted, e)
		}
	}
}

func (c *channelTally) recordForged(d delivery, o outcome) {
	c.forged++
	for _, event := range d.webhook.Events {
		c.fakes = append(c.fakes, event.Expect...)
	}
	if o.Status == http.StatusUnauthorized {
		c.refused++
	} else {
		c.complain("a forged webhook was not refused with 401: %s", o.String())
	}
}

func (c *channelTally) complain(format string, args ...any) {
	c.complaints = append(c.complaints, fmt.Sprintf(format, args...))
}

// judge turns what the ledger said into figures and complaints.
func (c *channelTally) judge() {
	c.events = len(c.wanted)
	for _, e := range c.wanted {
		switch c.states[e] {
		case Processed:
			c.processed++
		case Dead:
			c.dead++
			c.complain("dead: %s", describe(e))
		case Stored:
			c.stored++
			c.complain("stored but not processed: %s", describe(e))
		default:
			c.missing++
			c.complain("accepted but not stored: %s", describe(e))
		}
	}
	for _, e := range c.fakes {
		// What a platform names by the message it is about can be forged and happen as well.
		if _, there := c.believed[e]; there && !c.known[e] {
			c.complain("forged and yet stored: %s", describe(e))
		}
	}
}

func describe(e platforms.Expected) string {
	if e.Thread == "" {
		return fmt.Sprintf("%s %s", e.Kind, e.ID)
	}
	return fmt.Sprintf("%s %s of thread %s", e.Kind, e.ID, e.Thread)
}

// accepted counts the events of all channels that have to be in the ledger.
func (t *tally) accepted() int {
	n := 0
	for _, c := range t.channels {
		n += len(c.wanted)
	}
	return n
}

// total adds the channels up.
func (t *tally) total() figures {
	var sum figures
	for _, c := range t.channels {
		sum.sent += c.sent
		sum.accepted += c.accepted
		sum.forged += c.forged
		sum.refused += c.refused
		sum.repeated += c.repeated
		sum.retries += c.retries
		sum.latencies = append(sum.latencies, c.latencies...)
		sum.events += c.events
		sum.processed += c.processed
		sum.stored += c.stored
		sum.dead += c.dead
		sum.missing += c.missing
		sum.answers = sum.answers.Plus(c.answers)
	}
	return sum
}
