package inbox

import (
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// ConversationStatus is where a conversation stands in the agents' work.
type ConversationStatus string

// The states of a conversation.
const (
	Open     ConversationStatus = "open"
	Pending  ConversationStatus = "pending"
	Snoozed  ConversationStatus = "snoozed"
	Resolved ConversationStatus = "resolved"
)

// Conversation is the chat of a channel account with a contact or a group. Zero times are unknown.
type Conversation struct {
	ID              uuid.UUID
	ChannelAccount  uuid.UUID
	Thread          string    // the platform's name of the chat, now
	Title           string    // of a group; empty for a chat with one person
	Contact         uuid.UUID // nil for a group and for who is not known yet
	Status          ConversationStatus
	LastMessageAt   time.Time // zero: nobody has written yet, and only events are known of the chat
	LastInboundAt   time.Time
	WindowExpiresAt time.Time // until then free-form answers are allowed; zero: no limit, or nothing was received yet
	Unread          int       // messages received since an agent last read
	DeliveredUntil  time.Time // everything we sent up to here was delivered
	ReadUntil       time.Time // everything we sent up to here was read
	Assignee        uuid.UUID // the agent who looks after it; nil: nobody yet
	SnoozedUntil    time.Time // Snoozed: when it opens again; zero in any other state
	WaitingSince    time.Time // when the customer wrote first of what nobody has answered; zero: they wait for nothing
}

// NewConversation starts a conversation. It waits for nobody until the customer writes: history, receipts and what the business wrote
// itself ask for no answer.
func NewConversation(id, account uuid.UUID, thread string) Conversation {
	return Conversation{ID: id, ChannelAccount: account, Thread: thread, Status: Resolved}
}

// IsSilent reports whether nobody has written yet. Clients do not hear of such a conversation.
func (c Conversation) IsSilent() bool { return c.LastMessageAt.IsZero() }

// Add records a message of either side. A live message of the customer opens the conversation again, starts the reply window, and waits for an
// answer.
func (c *Conversation) Add(direction channels.Direction, at time.Time, history bool, window time.Duration) {
	c.Date(direction, at, history, window)
	switch {
	case history:
	case direction == channels.In:
		c.Status, c.SnoozedUntil = Open, time.Time{}
		c.Unread++
		if c.WaitingSince.IsZero() {
			c.WaitingSince = at
		}
	case !at.Before(c.WaitingSince):
		c.WaitingSince = time.Time{}
	}
}

// Date records when a message of either side was written, and nothing else of it. Doing so again changes nothing.
func (c *Conversation) Date(direction channels.Direction, at time.Time, history bool, window time.Duration) {
	c.LastMessageAt = later(c.LastMessageAt, at)
	if direction != channels.In || history {
		return
	}
	c.LastInboundAt = later(c.LastInboundAt, at)
	c.OpenWindow(at, window)
}

// OpenWindow records that something allowed free-form answers for a time.
func (c *Conversation) OpenWindow(at time.Time, window time.Duration) {
	if window > 0 {
		c.WindowExpiresAt = later(c.WindowExpiresAt, at.Add(window))
	}
}

// Mark raises how far our messages got. It reports whether that is news.
func (c *Conversation) Mark(w channels.Watermark) bool {
	before := *c
	switch w.State {
	case channels.Read:
		c.ReadUntil = later(c.ReadUntil, w.Until)
	case channels.Delivered:
		c.DeliveredUntil = later(c.DeliveredUntil, w.Until)
	}
	return *c != before
}

// Reached is the delivery state that the conversation's watermarks give to a message we sent at a time; empty: none.
func (c *Conversation) Reached(at time.Time) channels.DeliveryState {
	switch {
	case at.IsZero():
		return ""
	case !c.ReadUntil.Before(at) && !c.ReadUntil.IsZero():
		return channels.Read
	case !c.DeliveredUntil.Before(at) && !c.DeliveredUntil.IsZero():
		return channels.Delivered
	}
	return ""
}

// Absorb takes over what another conversation knew that turned out to be the same chat. The name in use is that of the later message.
func (c *Conversation) Absorb(other Conversation) {
	if other.LastMessageAt.After(c.LastMessageAt) {
		c.Thread = other.Thread
	}
	c.LastMessageAt = later(c.LastMessageAt, other.LastMessageAt)
	c.LastInboundAt = later(c.LastInboundAt, other.LastInboundAt)
	c.WindowExpiresAt = later(c.WindowExpiresAt, other.WindowExpiresAt)
	c.DeliveredUntil = later(c.DeliveredUntil, other.DeliveredUntil)
	c.ReadUntil = later(c.ReadUntil, other.ReadUntil)
	c.Unread += other.Unread
	if attention[other.Status] > attention[c.Status] {
		c.Status, c.SnoozedUntil = other.Status, other.SnoozedUntil
	}
	if c.WaitingSince.IsZero() || !other.WaitingSince.IsZero() && other.WaitingSince.Before(c.WaitingSince) {
		c.WaitingSince = other.WaitingSince
	}
	if c.Contact == uuid.Nil {
		c.Contact = other.Contact
	}
	if c.Assignee == uuid.Nil {
		c.Assignee = other.Assignee
	}
}

// attention ranks the states by how much a conversation in them asks for: of two that become one, that of the higher rank stays.
var attention = map[ConversationStatus]int{Resolved: 0, Snoozed: 1, Pending: 2, Open: 3}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
