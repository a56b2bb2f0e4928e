package inbox

import (
	"errors"
	"time"

	"github.com/google/uuid"
)

// ErrNotFound means that there is nothing of the given id.
var ErrNotFound = errors.New("there is nothing of this id")

// KindJob is the kind of a [DeadLetter] that is a job and no row.
const KindJob = "job"

// DeadLetter is something that waits for an operator.
type DeadLetter struct {
	ID      uuid.UUID
	Seq     int64  // 0 for a job
	Kind    string // that of the event, or KindJob
	Channel string // empty for a job
	Reason  string
	DiedAt  time.Time
	// RedrivenAt is when it was last sent on its way again, and died once more; zero: never.
	RedrivenAt time.Time
}

// DeadFilter says which dead letters to look for. Empty fields filter nothing.
type DeadFilter struct {
	Channel string
	Kind    string
	Since   time.Time // when they died
	Reason  string    // part of it, in any case
	After   LogPlace  // in the list; it does not matter where they are counted
}

// DeadReason is how many dead letters have a reason.
type DeadReason struct {
	Reason string
	Number int
}

// DeadRow is one row of an event, dead or not, with where it came from.
type DeadRow struct {
	Row
	Lane        string
	State       State
	Reason      string
	ProcessedAt time.Time // when it was processed or given up; zero: it waits
	RedrivenAt  time.Time // when it was last sent on its way again; zero: never
	Webhook     WebhookSource
}

// WebhookSource is where a row came from. The log may be gone already: then only the id is known.
type WebhookSource struct {
	ID         uuid.UUID
	RequestID  string
	ReceivedAt time.Time
	Bytes      int
}

// KeptJob is a job that was given up, as it is kept.
type KeptJob struct {
	DeadJob
	DiedAt     time.Time
	RedrivenAt time.Time // zero: it waits
}

// Redriven is what came of sending dead rows on their way again.
type Redriven struct {
	Rows int   // that were dead and are stored now
	Jobs []Job // to be queued; what is not queued is overdue soon
}
