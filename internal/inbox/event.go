package inbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// EventType is what an [Event] is about. Those of changes are the kinds of the feed that are not made by replays, of which nobody is told.
type EventType string

// The types of events.
const (
	MessageCreated       EventType = "message.created"
	MessageUpdated       EventType = "message.updated"
	MessageMerged        EventType = "message.merged" // it is another one, of ours: see EventMessage.MergedInto
	ConversationCreated  EventType = "conversation.created"
	ConversationUpdated  EventType = "conversation.updated"
	ConversationMerged   EventType = "conversation.merged" // it is another one: see EventConversation.MergedInto
	ConversationErased   EventType = "conversation.erased" // with its contact: only its id is left
	EventCreated         EventType = "event.created"       // the platform told something that is no message and is about none
	NoteCreated          EventType = "note.created"
	NoteUpdated          EventType = "note.updated"
	ContactUpdated       EventType = "contact.updated"
	ContactErased        EventType = "contact.erased" // they are forgotten: only the id is left
	SubscriptionDisabled EventType = "subscription.disabled"
	SubscriptionTest     EventType = "subscription.test" // somebody asked for it; no filter applies
)

// EventTypes lists the types that a subscription can choose from.
func EventTypes() []EventType {
	return []EventType{
		MessageCreated, MessageUpdated, MessageMerged, ConversationCreated, ConversationUpdated, ConversationMerged, ConversationErased, EventCreated,
		NoteCreated, NoteUpdated, ContactUpdated, ContactErased, SubscriptionDisabled,
	}
}

// isEventFilter reports whether a word chooses any type: it is one, or all of one family, such as message.*.
func isEventFilter(word string) bool {
	return slices.ContainsFunc(EventTypes(), func(t EventType) bool {
		family, _, _ := strings.Cut(string(t), ".")
		return word == string(t) || word == family+".*"
	})
}

// Event is a change as subscribers are told of it. The same event may come several times, always with the same ID.
type Event struct {
	ID        uuid.UUID `json:"id"`
	Type      EventType `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when we took note of it
	// Sequence orders the events of one conversation, which may arrive in another order. It has holes; 0: the event is no change.
	Sequence int64     `json:"sequence,omitzero"`
	Data     EventData `json:"data"`
}

// EventData is what there was to tell when the event happened. What does not apply to it is absent.
type EventData struct {
	Channel      string             `json:"channel,omitempty"` // name: whatsapp, telegram, ...
	Account      string             `json:"account,omitempty"` // the business's side, as the platform names it
	Conversation *EventConversation `json:"conversation,omitempty"`
	Contact      *EventContact      `json:"contact,omitempty"` // who wrote the message, else who the conversation is with
	Message      *EventMessage      `json:"message,omitempty"`
	Note         *EventNote         `json:"note,omitempty"`
	Event        *EventFact         `json:"event,omitempty"` // what the platform told that changed the message or the conversation
	Subscription *EventSubscription `json:"subscription,omitempty"`
	// Truncated marks an event of which the content was left out, because it would have been too large.
	Truncated bool `json:"truncated,omitempty"`
}

// EventConversation is a conversation.
type EventConversation struct {
	ID              uuid.UUID          `json:"id"`
	Thread          string             `json:"thread"` // the platform's name of the chat
	Title           string             `json:"title,omitempty"`
	Status          ConversationStatus `json:"status"`
	SnoozedUntil    time.Time          `json:"snoozed_until,omitzero"`
	Assignee        *AgentRef          `json:"assignee,omitempty"` // who looks after it; absent: nobody
	Labels          []string           `json:"labels,omitempty"`
	Unread          int                `json:"unread_count"`
	LastMessageAt   time.Time          `json:"last_message_at,omitzero"`
	LastInboundAt   time.Time          `json:"last_inbound_at,omitzero"`
	WaitingSince    time.Time          `json:"waiting_since,omitzero"`     // the customer's first message that nobody has answered
	WindowExpiresAt time.Time          `json:"window_expires_at,omitzero"` // until then free-form answers are allowed; absent: no limit
	DeliveredUntil  time.Time          `json:"delivered_until,omitzero"`
	ReadUntil       time.Time          `json:"read_until,omitzero"`
	MergedInto      uuid.UUID          `json:"merged_into,omitzero"`
}

// EventContact is a person, as agents wrote of them or else as the platform shows them.
type EventContact struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name,omitempty"`
	Username   string    `json:"username,omitempty"`
	Phone      string    `json:"phone,omitempty"` // E.164 with +
	Email      string    `json:"email,omitempty"`
	Language   string    `json:"language,omitempty"`
	MergedInto uuid.UUID `json:"merged_into,omitzero"`
}

// EventNote is a note of an agent for colleagues.
type EventNote struct {
	ID        uuid.UUID `json:"id"`
	Text      string    `json:"text"` // empty once it is deleted
	Author    string    `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	EditedAt  time.Time `json:"edited_at,omitzero"`
	DeletedAt time.Time `json:"deleted_at,omitzero"`
}

// EventMessage is a message.
type EventMessage struct {
	ID          uuid.UUID              `json:"id"`
	ExternalID  string                 `json:"external_id,omitempty"` // the platform's; absent: it did not take the message yet
	Direction   channels.Direction     `json:"direction"`
	Type        channels.MessageType   `json:"type"`
	Text        string                 `json:"text,omitempty"`      // as it reads now
	Content     *channels.Message      `json:"content,omitempty"`   // as it reads now; absent: it was deleted
	Reactions   map[string][]string    `json:"reactions,omitempty"` // emojis by who reacted
	Author      string                 `json:"author,omitempty"`    // who wrote it on our side
	Status      channels.DeliveryState `json:"status,omitempty"`    // of what we sent
	ErrorCode   string                 `json:"error_code,omitempty"`
	ErrorReason string                 `json:"error_reason,omitempty"` // why it failed, for people
	History     bool                   `json:"history,omitempty"`      // written before the channel was connected
	OccurredAt  time.Time              `json:"occurred_at,omitzero"`   // by the platform's clock
	EditedAt    time.Time              `json:"edited_at,omitzero"`
	DeletedAt   time.Time              `json:"deleted_at,omitzero"`
	MergedInto  uuid.UUID              `json:"merged_into,omitzero"`
}

// EventFact is something that the platform told besides messages.
type EventFact struct {
	ID         uuid.UUID        `json:"id"`
	Kind       channels.Kind    `json:"kind"`
	Content    *channels.Update `json:"content,omitempty"`
	OccurredAt time.Time        `json:"occurred_at,omitzero"`
}

// EventSubscription is a subscription, as others are told of it.
type EventSubscription struct {
	ID     uuid.UUID `json:"id"`
	URL    string    `json:"url"`
	Reason string    `json:"reason,omitempty"` // why it was disabled
}

// maxEventBytes keeps a delivery well below what a queue takes, where its body is a JSON string within JSON.
const maxEventBytes = 384 << 10

// Body renders an event as it is delivered: the same bytes for the same event, whenever it is rendered.
func (e Event) Body() ([]byte, error) {
	body, err := json.Marshal(e)
	if err == nil && len(body) > maxEventBytes {
		e.Data = e.Data.withoutContent()
		body, err = json.Marshal(e)
	}
	if err != nil {
		return nil, fmt.Errorf("rendering event %s: %w", e.ID, err)
	}
	return body, nil
}

// withoutContent leaves out what can be of any size.
func (d EventData) withoutContent() EventData {
	d.Truncated = true
	if d.Message != nil {
		m := *d.Message
		m.Text, m.Content, m.Reactions = "", nil, nil
		d.Message = &m
	}
	if d.Note != nil {
		note := *d.Note
		note.Text = ""
		d.Note = &note
	}
	if d.Event != nil {
		fact := *d.Event
		fact.Content = nil
		d.Event = &fact
	}
	return d
}
