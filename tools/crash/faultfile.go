package crash

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// misbehavior is what `omni dev --fault-file` reads; see tools/omni/dev/fault.go.
type misbehavior struct {
	Refuse       []string `json:"refuse,omitempty"`
	Lose         []string `json:"lose,omitempty"`
	Redeliver    bool     `json:"redeliver,omitempty"`
	DelayMillis  int      `json:"delay_ms,omitempty"`
	AheadSeconds int      `json:"ahead_seconds"`
	SkewSeconds  int      `json:"skew_seconds,omitempty"`
	NoBlobs      bool     `json:"no_blobs,omitempty"`
	HangSockets  bool     `json:"hang_sockets,omitempty"`
}

// faultFile tells the server what goes wrong around its functions.
type faultFile struct {
	path  string
	ahead int // seconds by which the queue's clock was moved on; it never goes back
}

// write replaces the file as a whole, since it may be read at any moment.
func (f *faultFile) write(m misbehavior) error {
	m.AheadSeconds = f.ahead
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	unfinished := f.path + ".new"
	if err := os.WriteFile(unfinished, content, 0o600); err != nil {
		return fmt.Errorf("writing the fault file: %w", err)
	}
	return os.Rename(unfinished, f.path)
}

// What a job waits for, in seconds.
const (
	visibility = 40  // more than omni dev hides a job that is being processed
	delay      = 901 // more than a job can be put off at once
)

// advance moves the queue's clock on, so that every job comes back that somebody has taken and not finished.
func (f *faultFile) advance() error {
	f.ahead += visibility
	return f.write(misbehavior{})
}

// advanceTo brings back what was put off too, while the functions' clock is that much ahead, until something else is written.
func (f *faultFile) advanceTo(skew time.Duration) error {
	f.ahead += delay
	return f.write(misbehavior{SkewSeconds: int(skew.Seconds())})
}
