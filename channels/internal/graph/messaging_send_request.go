package graph

import (
	"omni/channels"
)

// sendRequest is what the edge `messages` takes: a message, or an action.
type sendRequest struct {
	Recipient recipient        `json:"recipient"`
	Type      string           `json:"messaging_type,omitempty"` // of a message: RESPONSE, or MESSAGE_TAG with a tag
	Tag       string           `json:"tag,omitempty"`
	Message   *sentMessage     `json:"message,omitempty"`
	ReplyTo   *sentReply       `json:"reply_to,omitempty"`
	Action    string           `json:"sender_action,omitempty"`
	Payload   *reactionPayload `json:"payload,omitempty"` // of the actions react and unreact
}

type recipient struct {
	ID      string `json:"id,omitempty"`
	UserRef string `json:"user_ref,omitempty"`
}

type sentMessage struct {
	Text         string          `json:"text,omitempty"`
	Attachment   *sentAttachment `json:"attachment,omitempty"`
	QuickReplies []quickReply    `json:"quick_replies,omitempty"`
	Metadata     string          `json:"metadata,omitempty"` // comes back in the echo
}

type sentAttachment struct {
	Type    string      `json:"type"`
	Payload sentPayload `json:"payload"`
}

type sentPayload struct {
	URL string `json:"url"`
}

type quickReply struct {
	Type    string `json:"content_type"`
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

type sentReply struct {
	MID string `json:"mid"`
}

type reactionPayload struct {
	MessageID string `json:"message_id"`
	Reaction  string `json:"reaction,omitempty"`
}

func (a Answers) request(o channels.Outgoing) sendRequest {
	r := sendRequest{Recipient: recipientOf(o.Thread, o.To)}
	if o.Reaction != nil {
		r.Action, r.Payload = a.reaction(*o.Reaction)
		return r
	}
	r.Message = a.message(o)
	r.Type = "RESPONSE"
	if o.Tag != "" {
		r.Type, r.Tag = "MESSAGE_TAG", o.Tag
	}
	if o.ReplyTo != "" {
		r.ReplyTo = &sentReply{o.ReplyTo}
	}
	return r
}

// recipientOf is whom a chat is with. Its thread is their scoped id, or the reference of a web page's visitor as long as no id is known.
func recipientOf(thread string, to []channels.Identity) recipient {
	known := ""
	visitor := false
	for _, one := range to {
		switch {
		case one.Kind != "user_ref":
			known = one.Value
		case one.Value == thread:
			visitor = true
		}
	}
	switch {
	case visitor && known == "":
		return recipient{UserRef: thread}
	case visitor:
		return recipient{ID: known}
	}
	return recipient{ID: thread}
}

func (a Answers) message(o channels.Outgoing) *sentMessage {
	m := &sentMessage{Text: o.Text, Metadata: o.Handle}
	if a.NoHandle {
		m.Metadata = ""
	}
	if o.File != nil {
		m.Attachment = &sentAttachment{Type: sentTypes[o.File.Kind], Payload: sentPayload{URL: o.File.Link}}
	}
	if o.Choices != nil {
		for _, option := range o.Choices.Options {
			m.QuickReplies = append(m.QuickReplies, quickReply{Type: "text", Title: option.Title, Payload: option.ID})
		}
	}
	return m
}

// sentTypes are Meta's words for the kinds of file that can be sent.
var sentTypes = map[channels.AttachmentKind]string{
	channels.Image: "image", channels.Video: "video", channels.Audio: "audio", channels.Document: "file",
}

func (a Answers) reaction(r channels.SentReaction) (action string, payload *reactionPayload) {
	if r.Emoji == "" {
		return "unreact", &reactionPayload{MessageID: r.Target}
	}
	word := r.Emoji
	if a.Reactions != nil {
		word = a.Reactions[channels.PlainEmoji(r.Emoji)]
	}
	return "react", &reactionPayload{MessageID: r.Target, Reaction: word}
}
