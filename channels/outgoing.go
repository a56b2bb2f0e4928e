package channels

import "context"

// Sender is the part of a [Channel] that delivers answers. Where messages are sent, no more of it is needed.
type Sender interface {
	// Send delivers one message with at most one request that can deliver it; requests that only prepare, such as an upload, may come
	// before. It never tries again: whoever calls it decides that by the error, which is
	//
	//   - [RejectedError]: never again; an agent reads why,
	//   - [ThrottledError]: nothing was delivered, and nothing will be for a while,
	//   - [UncertainError]: it may have been delivered,
	//   - [ErrCredentials] or [ErrMissingSecrets]: an operator has to act first,
	//   - anything else: nothing was delivered, and trying again may help.
	//
	// What [Spec.Check] refuses is never handed to Send.
	Send(context.Context, Outgoing) (Receipt, error)
}

// Outgoing is one message to a customer, with all that the channel needs to deliver it: where it runs, there is no database.
type Outgoing struct {
	// Handle is our id of the message. It goes along where the platform takes one, and comes back as [Status.Handle] or in an echo.
	Handle  string     `json:"handle"`
	Account string     `json:"account"`            // the channel account, as the platform names it
	Thread  string     `json:"thread"`             // the chat, as the channel's events name it
	To      []Identity `json:"to,omitempty"`       // the customer's ids in this channel account; none in a group
	Group   bool       `json:"group,omitempty"`    // several people share the chat
	Topic   string     `json:"topic,omitempty"`    // the forum topic to write in: [Message.Topic] of what the agent answers
	ReplyTo string     `json:"reply_to,omitempty"` // Event.ID of the message that this one answers
	Tag     string     `json:"tag,omitempty"`      // the name of [Spec.Tag] for an answer that needs the longer window
	Content
}

// Content is what an outgoing message says: a text, which may accompany a file or ask for a choice, or one of the others alone.
type Content struct {
	Text     string           `json:"text,omitempty"`
	File     *File            `json:"file,omitempty"`     // Text is its caption
	Choices  *Choices         `json:"choices,omitempty"`  // Text is what they answer
	Place    *Place           `json:"place,omitempty"`    // Live is not supported
	Card     *Card            `json:"card,omitempty"`     // a name and at least one phone number
	Template *TemplateMessage `json:"template,omitempty"` // approved by the platform beforehand
	Reaction *SentReaction    `json:"reaction,omitempty"`
}

// Type is what the message mainly is, as of one that was received; empty for a reaction, which is no message.
func (c Content) Type() MessageType {
	switch {
	case c.File != nil:
		return MessageType(c.File.Kind)
	case c.Choices != nil:
		return TypeInteractive
	case c.Place != nil:
		return MessageType(Location)
	case c.Card != nil:
		return MessageType(ContactCard)
	case c.Template != nil:
		return MessageType(Template)
	case c.Reaction != nil:
		return ""
	}
	return TypeText
}

// File is a file to send.
type File struct {
	Kind  AttachmentKind `json:"kind"` // one of [Spec.Media]
	Key   string         `json:"key"`  // names it to [Env.Files]
	Link  string         `json:"link"` // an https URL from which the platform can fetch it for at least an hour
	MIME  string         `json:"mime"`
	Name  string         `json:"name,omitempty"` // shown for documents
	Bytes int64          `json:"bytes"`
}

// Choices are what the customer can pick one of, with one touch. The platform decides how they look.
type Choices struct {
	Options []Option `json:"options"`
	Menu    string   `json:"menu,omitempty"` // the label that opens them where they are a menu; empty: the channel's own word
}

// Option is one of the [Choices]. What was picked comes back as [Choice.ID] and [Choice.Title].
type Option struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// TemplateMessage is a message whose words the platform approved, with what fills its gaps.
type TemplateMessage struct {
	Name       string            `json:"name"`
	Language   string            `json:"language"`              // as the platform names it: en_US
	Header     []string          `json:"header,omitempty"`      // by position
	HeaderFile *File             `json:"header_file,omitempty"` // instead of Header
	Body       []string          `json:"body,omitempty"`        // by position
	Named      map[string]string `json:"named,omitempty"`       // of the body, instead of Body
	Buttons    []TemplateButton  `json:"buttons,omitempty"`     // those with a gap
}

// TemplateButton fills the gap of one button of a template.
type TemplateButton struct {
	Index int    `json:"index"` // from 0
	Kind  string `json:"kind"`  // quick_reply, url or copy_code
	Value string `json:"value"` // the payload, the end of the URL, the code
}

// SentReaction replaces our reaction to a message.
type SentReaction struct {
	Target string `json:"target"` // Event.ID of the message
	Emoji  string `json:"emoji"`  // empty: the reaction is removed
}

// Receipt is a platform's word that it took a message.
type Receipt struct {
	ID      string   `json:"id"`                // Event.ID that the message has from now on: in its echo, its statuses, and answers to it
	Thread  string   `json:"thread,omitempty"`  // the chat, if the platform calls it by another name than [Outgoing.Thread]
	Aliases []string `json:"aliases,omitempty"` // other names of the chat that the platform shows
}
