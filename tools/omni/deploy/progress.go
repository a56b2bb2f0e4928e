package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// progress tells what an apply does, from Terraform's events: a line for each resource that is done and, while it runs, how far it is and what
// takes longest.
type progress struct {
	display *display
	now     func() time.Time

	total int // things that Terraform will do

	mu      sync.Mutex
	done    int                  // and has done
	running map[string]time.Time // resources in work, and since when
	said    map[string]time.Duration
}

func newProgress(d *display, total int, now func() time.Time) *progress {
	return &progress{display: d, now: now, total: total, running: map[string]time.Time{}, said: map[string]time.Duration{}}
}

// past are Terraform's actions when they are done.
var past = map[string]string{"create": "created", "update": "changed", "delete": "destroyed", "read": "read"}

// handle takes one event.
func (p *progress) handle(e event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	address := e.Hook.Resource.Address
	switch e.Type {
	case "apply_start":
		p.running[address] = p.now()
	case "apply_progress":
		p.tell(address, time.Duration(e.Hook.Elapsed)*time.Second)
	case "apply_complete":
		p.finish(e.Hook)
	case "apply_errored":
		delete(p.running, address)
		p.display.line("  FAILED     %s%s", address, after(e.Hook.Elapsed))
	}
}

func (p *progress) finish(h hook) {
	delete(p.running, h.Resource.Address)
	if h.Action == "read" {
		return
	}
	p.done++
	p.display.line("  %-9s  %s%s", past[h.Action], h.Resource.Address, after(h.Elapsed))
}

// tell says in a log that a resource still is in work, twice a minute; on a terminal the changing line says it.
func (p *progress) tell(address string, elapsed time.Duration) {
	if p.display.live != nil || elapsed-p.said[address] < stillEvery {
		return
	}
	p.said[address] = elapsed
	p.display.line("  ..         %s, %s so far", address, seconds(elapsed))
}

func after(elapsed float64) string {
	if elapsed < 1 {
		return ""
	}
	return "  (" + seconds(time.Duration(elapsed)*time.Second) + ")"
}

// status is the changing line.
func (p *progress) status(ran time.Duration) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("  ..  %d of %d, %s", p.done, p.total, seconds(ran.Truncate(time.Second)))
	if len(p.running) == 0 {
		return line
	}
	// Addresses too, so that of two that began together always the same one is shown.
	addresses := slices.SortedFunc(maps.Keys(p.running), func(a, b string) int {
		if c := p.running[a].Compare(p.running[b]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	oldest := addresses[0]
	line += fmt.Sprintf("; %s, %s", oldest, seconds(p.now().Sub(p.running[oldest]).Truncate(time.Second)))
	if others := len(addresses) - 1; others > 0 {
		line += fmt.Sprintf(", and %d more", others)
	}
	return line
}

// made is how many changes are done.
func (p *progress) made() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}
