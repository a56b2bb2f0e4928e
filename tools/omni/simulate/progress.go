package simulate

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// lineEvery is how often progress is told where there is no bar.
const lineEvery = 5 * time.Second

// Progress shows how far a run is: a bar on a terminal, now and then a line elsewhere.
type Progress struct {
	out      io.Writer
	terminal bool

	mu    sync.Mutex
	bar   *progressbar.ProgressBar // on a terminal
	what  string
	done  int
	total int // 0: unknown
	told  time.Time
}

// NewProgress shows progress on out.
func NewProgress(out io.Writer, terminal bool) *Progress {
	return &Progress{out: out, terminal: terminal}
}

// start begins a stage of the run; a total of 0 is unknown.
func (p *Progress) start(what string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.done, p.total, p.told = what, 0, total, time.Now()
	if !p.terminal {
		return
	}
	if total == 0 {
		total = -1 // a spinner
	}
	p.bar = progressbar.NewOptions(total,
		progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(fmt.Sprintf("%-10s", what)), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}

// add moves the stage on.
func (p *Progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	if p.bar != nil {
		_ = p.bar.Add(n) // a bar that cannot be drawn is no reason to stop
	} else if time.Since(p.told) >= lineEvery {
		p.told = time.Now()
		fmt.Fprintf(p.out, "%s: %s\n", p.what, p.amount())
	}
}

// stop ends the stage.
func (p *Progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

func (p *Progress) amount() string {
	if p.total == 0 {
		return fmt.Sprint(p.done)
	}
	return fmt.Sprintf("%d of %d", p.done, p.total)
}
