package inbox

import (
	"crypto/rand"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
)

// PushQueue is the queue of what open dashboards are told.
const PushQueue = "pushes"

// TicketLife is how long a ticket is good for.
const TicketLife = 30 * time.Second

// NewTicket makes a ticket, with which one socket can be opened. It is a secret: only its hash is kept, and it is never logged.
func NewTicket() string { return rand.Text() }

// TicketHash is what we know a ticket by.
func TicketHash(ticket string) []byte {
	hash := sha256.Sum256([]byte(ticket))
	return hash[:]
}

// Connection is an open socket: of an agent's dashboard or of a visitor's page.
type Connection struct {
	ID      string    // the gateway's
	Agent   uuid.UUID // nil: it is a visitor's
	Visited uuid.UUID // of a visitor's: their conversation; nil: there is none yet
}

// IsVisitors reports whether the socket is a visitor's.
func (c Connection) IsVisitors() bool { return c.Agent == uuid.Nil }

// TicketHolder is whom a ticket is for: an agent, or a visitor by their chat.
type TicketHolder struct {
	Agent uuid.UUID // nil: it is a visitor
	Chat  VisitorChat
}

// FrameType is what a [Frame] is about.
type FrameType string

// The types of frames.
const (
	FrameFeed     FrameType = "feed"     // there is something new in the feed
	FramePresence FrameType = "presence" // a colleague does something in a conversation
	FrameTyping   FrameType = "typing"   // the other side of a hosted conversation writes, or has stopped
	FramePong     FrameType = "pong"     // the answer to a ping
	FrameError    FrameType = "error"    // the answer to what is no message of ours
)

// PresenceState is what an agent does in a conversation.
type PresenceState string

// The states of presence. Each is worth something for a short time, unless it is said again.
const (
	PresenceViewing PresenceState = "viewing" // looks at it
	PresenceTyping  PresenceState = "typing"  // writes an answer
	PresenceLeft    PresenceState = "left"    // has turned to something else
)

// Frame is what a dashboard is sent through its socket. Nothing depends on one: what matters is in the feed.
type Frame struct {
	Type         FrameType     `json:"type"`
	Conversation uuid.UUID     `json:"conversation,omitzero"` // FramePresence, and FrameTyping to agents
	Agent        *FrameAgent   `json:"agent,omitempty"`       // FramePresence
	Name         string        `json:"name,omitempty"`        // FrameTyping to a visitor: whose answer it will be
	State        PresenceState `json:"state,omitempty"`       // FramePresence, FrameTyping
	Message      string        `json:"message,omitempty"`     // FrameError: what is wrong, in a sentence
}

// FrameAgent is a colleague as a frame names them.
type FrameAgent struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// PushLife is how long a push is worth something. Clients look into the feed by themselves before they would miss an older one.
const PushLife = 10 * time.Second

// Push is a frame on its way to connections.
type Push struct {
	At          time.Time `json:"at"` // when it was made: what a feed frame tells of was committed before
	Frame       Frame     `json:"frame"`
	Connections []string  `json:"connections"`
}

// IsStale reports whether a push is worth nothing any more.
func (p Push) IsStale(now time.Time) bool { return now.Sub(p.At) > PushLife }
