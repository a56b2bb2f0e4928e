package inbox

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// FeedCursor is a place in the feed: behind the change that has it.
type FeedCursor struct {
	XID string `json:"xid"` // a number of up to 64 bits
	Seq int64  `json:"seq"`
}

// FeedStart is the place before the first change.
var FeedStart = FeedCursor{XID: "0"}

// FeedChange is one entry of the feed, with what is there to show of it now. What does not apply to it is empty.
type FeedChange struct {
	Cursor       FeedCursor       `json:"cursor"`
	At           time.Time        `json:"at"`   // when we took note of it
	Kind         string           `json:"kind"` // conversation.created, message.created, message.updated, ...
	Channel      string           `json:"channel,omitempty"`
	Conversation uuid.UUID        `json:"conversation,omitzero"`
	Contact      string           `json:"contact,omitempty"` // name
	Thread       string           `json:"thread,omitempty"`
	Message      *FeedMessage     `json:"message,omitempty"`
	Event        channels.Kind    `json:"event,omitempty"` // kind of the event that changed it
	Update       *channels.Update `json:"update,omitempty"`
}

// FeedMessage is a message as it reads now.
type FeedMessage struct {
	ID        uuid.UUID              `json:"id"`
	Direction channels.Direction     `json:"direction"`
	Type      channels.MessageType   `json:"type"`
	Text      string                 `json:"text,omitempty"`
	Status    channels.DeliveryState `json:"status,omitempty"`
	Deleted   bool                   `json:"deleted,omitempty"`
}

// FeedEntry is one change as agents see it, with what it is about as that is now. What does not apply to it is nil.
type FeedEntry struct {
	Cursor         FeedCursor
	Kind           string
	At             time.Time
	ConversationID uuid.UUID
	MessageID      uuid.UUID
	ContactID      uuid.UUID
	MergedInto     uuid.UUID // of a conversation or message that is another now: which
	Conversation   *ConversationView
	Message        *MessageView
	Note           *NoteView
}

// FeedPage is a part of the feed, oldest first.
type FeedPage struct {
	Entries []FeedEntry
	Next    FeedCursor // where the feed goes on
	More    bool       // there are more that may be shown
	Pending bool       // there is a change that may not be shown yet: a transaction that is still open can come before it
}

// ErrFeedExpired means that changes behind a place are deleted: whoever was there has to read everything anew.
var ErrFeedExpired = errors.New("the feed does not go back that far")
