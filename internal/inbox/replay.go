package inbox

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// LoggedWebhook is a webhook as it was logged. Its Events are empty: they are what Parse finds.
type LoggedWebhook struct {
	Webhook
	ReceivedAt time.Time
}

// WebhookSelection says which logged webhooks to read.
type WebhookSelection struct {
	IDs          []uuid.UUID // only these; empty: all
	Channel      string      // only this one; empty: all
	Since, Until time.Time   // when they came in; zero: no limit
}

// State is how far a stored row got.
type State string

// The states of a row.
const (
	StateStored    State = "stored"    // waits to be processed
	StateProcessed State = "processed" // understood
	StateDead      State = "dead"      // cannot be understood as it is
)

// Reading is what an event means, as far as it is kept.
type Reading struct {
	Thread  string          `json:"thread,omitempty"`
	At      time.Time       `json:"at,omitzero"` // to the microsecond
	History bool            `json:"history,omitempty"`
	Type    string          `json:"type,omitempty"` // of a message
	Text    string          `json:"text,omitempty"` // of a message, as it was written
	Content json.RawMessage `json:"content"`        // channels.Message of a message, channels.Update of everything else
}

// KeptRow is a row that came of a logged webhook.
type KeptRow struct {
	ID      uuid.UUID
	Webhook uuid.UUID // that brought it first; nil: another one than was asked for, and the fields below are empty
	Kind    string
	Key     string
	State   State
	Reason  string // why it is dead
	Reading Reading
	Folded  bool // the message was edited or deleted since: its text as it was written is not kept beside its content
}

// Kept is what the store has of one webhook.
type Kept struct {
	Events []channels.Event // the webhook's, as they are or would be kept
	Rows   []*KeptRow       // one for each event; nil: there is none
	Others []KeptRow        // rows that came of the webhook and are none of its events
}

// Correction is what today's code makes of an event of a logged webhook, to be written over what is stored of it.
type Correction struct {
	Change // Row.ID is nil where nothing is stored; Row.Seq and Fulfils have no meaning
	// Webhook is the id of the logged webhook.
	Webhook uuid.UUID
	// Dead is why today's code does not understand the event; empty: it does. Only for one of which nothing is stored.
	Dead string
}
