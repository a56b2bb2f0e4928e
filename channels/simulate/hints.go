package simulate

import (
	"slices"
	"time"
)

// Hint is what a customer sees in a chat and nobody keeps: that somebody is writing an answer, or that their messages were read.
type Hint struct {
	Thread  string // the chat, as the channel's events name it; empty where the request names only a message of it
	Message string // Event.ID of the customer's message that is meant; empty: the latest
	Typing  bool
	Read    bool
	At      time.Time
}

// Hinter is a simulated platform's API that remembers the latest hints.
type Hinter interface {
	// Hints are those of the last seconds or minutes, oldest first.
	Hints() []Hint
}

// maxHints is how many hints are remembered.
const maxHints = 256

// Hint records a hint of now.
func (l *Ledger) Hint(h Hint) {
	h.At = time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hints = append(l.hints, h)
	l.hints = l.hints[max(0, len(l.hints)-maxHints):]
}

// Hints implements [Hinter].
func (l *Ledger) Hints() []Hint {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.hints)
}

var _ Hinter = (*Ledger)(nil)
