package inbox

import (
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// VisitorMessage is a message as the visitor of a hosted conversation sees it.
type VisitorMessage struct {
	ID          string // as the visitor's page knows it
	Direction   channels.Direction
	Content     channels.Message // as it reads now; once it is deleted, empty
	Choices     *channels.Choices
	Attachments []VisitorAttachment
	ReplyTo     string                 // as ID; empty: it answers none in particular
	Author      string                 // the name of the agent who wrote it; empty: the visitor, or no agent
	Status      channels.DeliveryState // of what we sent
	At          time.Time
	Edited      bool
	Deleted     bool
}

// VisitorAttachment is an attachment with its file, once that is stored.
type VisitorAttachment struct {
	Detail channels.Attachment `json:"detail"`
	File   *FileRef            `json:"file"` // nil: there is none, or not yet
}

// VisitorChat is the chat of one visitor. There is no conversation of it until they have written.
type VisitorChat struct {
	Account uuid.UUID // the channel account
	Thread  string    // as the channel's events name it
}

// VisitedConversation is what a visitor's chat has become.
type VisitedConversation struct {
	ID        uuid.UUID // nil: nobody has written yet
	ReadUntil time.Time // until when an agent has read what the visitor wrote; zero: not all of it
}

// VisitorKey is the place of a message in a visitor's history.
type VisitorKey struct {
	At  time.Time `json:"at"`
	Seq int64     `json:"seq"`
}

// VisitorHistory is a part of a conversation, the earliest message first.
type VisitorHistory struct {
	Messages []VisitorMessage
	Older    *VisitorKey // before which there is more; nil: nothing is
}

// VisitorChanges are messages of a conversation that are new or read otherwise than before, the earliest message first.
type VisitorChanges struct {
	Messages []VisitorMessage
	Next     FeedCursor // where the changes go on
	Pending  bool       // there is a change that may not be shown yet
}
