package inbox

import (
	"time"

	"github.com/google/uuid"
)

// Label is a word by which conversations are sorted.
type Label struct {
	ID            uuid.UUID
	Name          string // unique, in any case
	Color         string // #rrggbb, in lower case
	Conversations int    // that have it; at most 1,000 are counted
}

// LabelChange is what changes of a label. Nil: it stays.
type LabelChange struct{ Name, Color *string }

// CannedReply is a text that is often needed.
type CannedReply struct {
	ID        uuid.UUID
	Shortcut  string // unique among everybody's and among each agent's own, in any case
	Title     string
	Text      string
	Channels  []string  // for which it is meant; none: all
	Owner     uuid.UUID // whose own it is; zero: everybody's
	Uses      int
	UpdatedAt time.Time
}

// Shared reports whether a reply is everybody's.
func (r CannedReply) Shared() bool { return r.Owner == uuid.Nil }
