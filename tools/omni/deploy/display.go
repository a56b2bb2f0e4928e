package deploy

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	tick       = time.Second      // how often the changing line changes
	stillEvery = 30 * time.Second // how often a log without a changing line says that something still runs
	lineWidth  = 100              // a longer changing line would wrap and could not be wiped
)

// display writes lines that stay and, on a terminal, one line below them that changes.
type display struct {
	mu     sync.Mutex
	out    io.Writer
	live   io.Writer // the terminal of the changing line; nil: none
	status string    // what the changing line shows
}

func newDisplay(out, live io.Writer) *display { return &display{out: out, live: live} }

// line writes a line that stays.
func (d *display) line(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wipe()
	fmt.Fprintf(d.out, format+"\n", args...)
	d.show()
}

// change shows another changing line; empty wipes it.
func (d *display) change(status string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wipe()
	if runes := []rune(status); len(runes) > lineWidth {
		status = string(runes[:lineWidth-1]) + "…"
	}
	d.status = status
	d.show()
}

func (d *display) wipe() {
	if d.live != nil && d.status != "" {
		fmt.Fprint(d.live, "\r\x1b[K")
	}
}

func (d *display) show() {
	if d.live != nil && d.status != "" {
		fmt.Fprint(d.live, d.status)
	}
}

// step does one piece of work, shows for how long it has been at it, and says in a line what came of it. An error is shown by whoever
// gets it.
func (d *display) step(doing string, work func() (done string, err error)) error {
	started := time.Now()
	stop := d.during(func(ran time.Duration) string { return fmt.Sprintf("  ..  %s, %s", doing, seconds(ran)) }, d.still(doing))
	done, err := work()
	stop()
	if err == nil {
		d.line("  ok  %s%s", done, took(time.Since(started)))
	}
	return err
}

// during calls status every second for the changing line until stop is called. Without a terminal it calls still instead, with how long it
// has been; nil: nothing.
func (d *display) during(status func(time.Duration) string, still func(time.Duration)) (stop func()) {
	started := time.Now()
	done := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		every := tick
		if d.live == nil {
			every = stillEvery
		}
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				d.refresh(time.Since(started), status, still)
			}
		}
	})
	d.refresh(0, status, nil)
	return func() {
		close(done)
		ticking.Wait()
		d.change("")
	}
}

func (d *display) refresh(ran time.Duration, status func(time.Duration) string, still func(time.Duration)) {
	switch {
	case d.live != nil:
		d.change(status(ran))
	case still != nil:
		still(ran)
	}
}

func (d *display) still(doing string) func(time.Duration) {
	return func(ran time.Duration) { d.line("  ..  %s, %s", doing, seconds(ran)) }
}

// took is a time at the end of a line, where it is worth a word.
func took(d time.Duration) string {
	if d < 500*time.Millisecond {
		return ""
	}
	return "  (" + seconds(d) + ")"
}

// seconds is a time as people read it: 0.7s, 12s, 3m05s.
func seconds(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + "s"
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	}
	return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
}
