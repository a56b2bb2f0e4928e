package inbox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// AgentRef names an agent. What was written by no agent has a name alone.
type AgentRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// LabelRef is a label as it is shown on a conversation.
type LabelRef struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Color string    `json:"color"`
}

// ContactRef is a contact as far as a list shows them. What is not known is empty.
type ContactRef struct {
	ID       uuid.UUID
	Name     string
	Username string
	Phone    string
}

// ConversationView is a conversation as agents see it. Zero times are unknown, or never.
type ConversationView struct {
	ID              uuid.UUID
	MergedInto      uuid.UUID // which it is by now; nil: itself
	Channel         string
	AccountID       uuid.UUID
	Account         string // as the platform names it
	AccountName     string
	Thread          string
	Title           string      // of a group; empty for a chat with one person
	Contact         *ContactRef // nil for a group
	Status          ConversationStatus
	SnoozedUntil    time.Time
	Assignee        *AgentRef // nil: nobody
	Labels          []LabelRef
	Unread          int
	LastMessageAt   time.Time // zero: nobody has written, and lists do not have it
	LastInboundAt   time.Time
	WaitingSince    time.Time
	WindowExpiresAt time.Time
	LastMessage     *MessageRef
	Failed          bool // our latest message failed, or nobody knows whether it was delivered
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// MessageRef is a message as far as a list shows it.
type MessageRef struct {
	ID        uuid.UUID              `json:"id"`
	Direction channels.Direction     `json:"direction"`
	Type      channels.MessageType   `json:"type"`
	Text      string                 `json:"text"` // its first 200 characters
	Status    channels.DeliveryState `json:"status"`
	At        time.Time              `json:"at"`
	Deleted   bool                   `json:"deleted"`
	Author    string                 `json:"author"`
}

// MessageView is a message as agents see it, with all that was told about it since it was written.
type MessageView struct {
	ID           uuid.UUID
	Conversation uuid.UUID
	Channel      string
	Direction    channels.Direction
	Type         channels.MessageType
	Text         string           // as it reads now; empty once it is deleted
	Content      channels.Message // as it reads now; once it is deleted, only whose and of what type it was
	OriginalText *string          // before it was edited; nil: it was not, or is deleted
	Attachments  []AttachmentView
	ReplyTo      *ReplyRef // nil: it answers none in particular
	Reactions    []ReactionCount
	Author       *AgentRef              // who wrote it on our side; nil: the customer, or nobody knows
	Status       channels.DeliveryState // of what we sent; empty for what we received
	ErrorCode    string                 // why it failed; empty: it did not
	ErrorReason  string
	RetriedAs    uuid.UUID // the message with which it was tried again; nil: it was not
	At           time.Time // when it was written, by the platform's clock where that is known
	EditedAt     time.Time
	DeletedAt    time.Time
	History      bool   // written before the channel was connected
	GroupSender  string // who of a group wrote it; empty: it is no group's
	Seq          int64  // its place in the order in which messages came into conversations
}

// AttachmentView is an attachment with what became of its file.
type AttachmentView struct {
	Position int                 `json:"position"`
	Detail   channels.Attachment `json:"detail"`
	File     *FileRef            `json:"file"` // nil: there is none
}

// FileRef is the file of an attachment.
type FileRef struct {
	ID     uuid.UUID `json:"id"`
	State  FileState `json:"state"`
	Reason string    `json:"reason"` // why it is not stored, for people
	Key    string    `json:"key"`    // FileStored: what it is kept under
	MIME   string    `json:"mime"`   // FileStored: what it is served as
	Bytes  int64     `json:"bytes"`  // FileStored
}

// ReplyRef is a message that another one answers. What is not here has only its external id.
type ReplyRef struct {
	ID         uuid.UUID            `json:"id"`
	ExternalID string               `json:"external_id"`
	Direction  channels.Direction   `json:"direction"`
	Type       channels.MessageType `json:"type"`
	Text       string               `json:"text"`
	Author     string               `json:"author"`
}

// ReactionCount is how many of one side react with an emoji.
type ReactionCount struct {
	Emoji string
	Ours  bool
	Count int
}

// CountReactions adds up reactions by who gave them. account is how the platform names our side.
func CountReactions(reactions map[string][]string, account string) []ReactionCount {
	var counts []ReactionCount
	for actor, emojis := range reactions {
		for _, emoji := range emojis {
			ours := actor == account
			n := slices.IndexFunc(counts, func(c ReactionCount) bool { return c.Emoji == emoji && c.Ours == ours })
			if n < 0 {
				n, counts = len(counts), append(counts, ReactionCount{Emoji: emoji, Ours: ours})
			}
			counts[n].Count++
		}
	}
	slices.SortFunc(counts, func(a, b ReactionCount) int { // they come from a map
		if a.Ours != b.Ours {
			return map[bool]int{false: -1, true: 1}[a.Ours]
		}
		return strings.Compare(a.Emoji, b.Emoji)
	})
	return counts
}

// NoteView is a note as agents see it.
type NoteView struct {
	ID           uuid.UUID
	Conversation uuid.UUID
	Author       AgentRef
	Text         string      // empty once it is deleted
	Mentions     []uuid.UUID // agents
	At           time.Time
	EditedAt     time.Time
	DeletedAt    time.Time
}

// Activity is something that happened to a conversation: an entry of the audit log, or what the platform told.
type Activity struct {
	ID     uuid.UUID
	At     time.Time
	Agent  *AgentRef       // nil: the product, or the platform
	Action string          // conversation.status, platform.referral, ...
	Detail json.RawMessage // an object
}

// TimelineKey is the place of an entry in a conversation's history.
type TimelineKey struct {
	At     time.Time `json:"at"`
	Source int       `json:"source"` // where it is kept: see the queries
	Seq    int64     `json:"seq"`
	ID     uuid.UUID `json:"id"`
}

// TimelineEntry is one entry of a conversation's history. Exactly one of the pointers is set.
type TimelineEntry struct {
	Key      TimelineKey
	Message  *MessageView
	Note     *NoteView
	Activity *Activity
}

// TimelineQuery says which part of a history is wanted. Of Before, After and Around at most one is set; none: the latest entries.
type TimelineQuery struct {
	Conversation uuid.UUID
	Before       *TimelineKey
	After        *TimelineKey
	Around       uuid.UUID // a message of the conversation, to be in the middle
	Most         int
}

// Timeline is a part of a history, the latest entry first.
type Timeline struct {
	Entries      []TimelineEntry
	Older, Newer bool // there are entries before and after
}

// Place is a place in a list of conversations.
type Place struct {
	At       time.Time `json:"at"` // of the last message, or since when the customer waits
	ID       uuid.UUID `json:"id"`
	Answered bool      `json:"answered,omitzero"` // SortWaiting: behind all in which somebody waits
}

// ConversationSort is an order of lists of conversations.
type ConversationSort string

// The orders. The place of a conversation follows its last message, or how long the customer waits.
const (
	SortRecent  ConversationSort = "recent"
	SortOldest  ConversationSort = "oldest"
	SortWaiting ConversationSort = "waiting" // who waits longest first, then those in which nobody waits, as SortRecent
)

// ConversationQuery says which conversations are wanted. Zero values filter nothing.
type ConversationQuery struct {
	Statuses   []ConversationStatus
	Channel    string
	Account    uuid.UUID
	Assignee   uuid.UUID
	Unassigned bool // nobody looks after it; Assignee is nil then
	Label      uuid.UUID
	Unread     bool
	Sort       ConversationSort
	Behind     *Place // nil: from the beginning
	Most       int
}

// ListedConversation is a conversation with its place in a list.
type ListedConversation struct {
	ConversationView
	Place Place
}

// CountLimit is up to which conversations are counted.
const CountLimit = 1000

// Counts are how many open conversations there are, each up to a limit; Snoozed and Pending are of those states.
type Counts struct {
	Mine, Unassigned, All, MineUnread, UnassignedUnread, Snoozed, Pending, DeadLetters int
}

// FoundMessage is a message that a search found.
type FoundMessage struct {
	Number       int64 // where the search goes on: below it
	Message      MessageView
	Conversation ConversationView
}
