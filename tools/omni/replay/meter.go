package replay

import (
	"fmt"
	"io"
	"time"

	"omni/internal/pipeline"
)

// How often progress is shown, on a terminal and elsewhere.
const (
	drawEvery = 100 * time.Millisecond
	lineEvery = 10 * time.Second
)

// meter shows how far the replay is: on a terminal in a line that moves, elsewhere in a line now and then.
type meter struct {
	out   io.Writer
	live  bool
	told  time.Time
	drawn bool
}

func (m *meter) show(p pipeline.Progress) {
	every := lineEvery
	if m.live {
		every = drawEvery
	}
	if m.told.IsZero() {
		m.told = time.Now()
	}
	if time.Since(m.told) < every {
		return
	}
	m.told = time.Now()
	m.clear()
	fmt.Fprintf(m.out, "%d webhooks read, up to %s", p.Webhooks, p.At.Local().Format(time.DateTime))
	if m.live {
		m.drawn = true
	} else {
		fmt.Fprintln(m.out)
	}
}

// clear takes the line away that moves.
func (m *meter) clear() {
	if m.drawn {
		fmt.Fprint(m.out, "\r\x1b[K")
		m.drawn = false
	}
}
