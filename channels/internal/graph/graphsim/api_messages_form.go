package graphsim

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"omni/channels"
)

// sending is what the edge `messages` takes. It is written down a second time, apart from what the channels write, so that a mistake
// there is seen here.
type sending struct {
	Recipient struct {
		ID      string `json:"id"`
		UserRef string `json:"user_ref"`
	} `json:"recipient"`
	Type    string       `json:"messaging_type"`
	Tag     string       `json:"tag"`
	Message *sentMessage `json:"message"`
	ReplyTo *struct {
		MID string `json:"mid"`
	} `json:"reply_to"`
	Action  string `json:"sender_action"`
	Payload *struct {
		MessageID string `json:"message_id"`
		Reaction  string `json:"reaction"`
	} `json:"payload"`
}

type sentMessage struct {
	Text       string `json:"text"`
	Attachment *struct {
		Type    string `json:"type"`
		Payload struct {
			URL string `json:"url"`
		} `json:"payload"`
	} `json:"attachment"`
	QuickReplies []struct {
		Type    string `json:"content_type"`
		Title   string `json:"title"`
		Payload string `json:"payload"`
	} `json:"quick_replies"`
	Metadata string `json:"metadata"`
}

// isHint reports whether the request leaves nothing with the customer.
func (s sending) isHint() bool {
	return slices.Contains([]string{"typing_on", "typing_off", "mark_seen"}, s.Action)
}

// thread is what webhooks call the chat.
func (s sending) thread() string { return s.Recipient.ID + s.Recipient.UserRef }

// window is how long ago the customer may have written.
// Source: .../messenger-platform/send-messages, "Messaging window".
func (s sending) window() time.Duration {
	if s.Tag == "HUMAN_AGENT" {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// checkAction knows the sender actions.
// Source: .../messenger-platform/send-messages/sender-actions.
func (r sendRules) checkAction(s sending) *refusal {
	switch {
	case s.Type != "" || s.Tag != "" || s.ReplyTo != nil:
		return refuse(100, "A sender action goes alone")
	case s.isHint() && s.Payload == nil:
		return nil
	case s.Action != "react" && s.Action != "unreact":
		return refuse(100, "Invalid sender_action %q", s.Action)
	case s.Payload == nil || s.Payload.MessageID == "" || strings.HasPrefix(s.Payload.MessageID, "sha256:"):
		return refuse(100, "Invalid message id in payload")
	case (s.Action == "react") != (s.Payload.Reaction != ""):
		return refuse(100, "A reaction is required to react, and none to unreact")
	case s.Action == "react" && r.reactions != nil && !slices.Contains(r.reactions, s.Payload.Reaction):
		return refuse(100, "Invalid reaction %q", s.Payload.Reaction)
	}
	return nil
}

func (r sendRules) checkMessage(m sentMessage) *refusal {
	switch {
	case (m.Text == "") == (m.Attachment == nil):
		return refuse(100, "Message cannot be empty, must provide valid attachment or text")
	case !r.text.Fits(m.Text):
		return refuse(100, "Length of param message[text] must be less than or equal to %d", r.text.Max)
	case utf8.RuneCountInString(m.Metadata) > 1000:
		return refuse(100, "Length of param message[metadata] must be less than or equal to 1000")
	}
	if a := m.Attachment; a != nil {
		if kindsOfFile[a.Type] == "" {
			return refuse(100, "Param message[attachment][type] must be one of {audio, file, image, video} - got %q.", a.Type)
		}
		if !strings.HasPrefix(a.Payload.URL, "https://") {
			return refuse(100, "Failed to fetch the file from the url").sub(2018008)
		}
	}
	return checkQuickReplies(m)
}

// kindsOfFile are the types of attachments that can be sent by link.
var kindsOfFile = map[string]channels.AttachmentKind{
	"image": channels.Image, "video": channels.Video, "audio": channels.Audio, "file": channels.Document,
}

// checkQuickReplies knows the limits of quick replies. Longer titles are cut by Meta, which nobody wants.
// Source: .../messenger-platform/send-messages/quick-replies.
func checkQuickReplies(m sentMessage) *refusal {
	if len(m.QuickReplies) > 13 {
		return refuse(105, "param message[quick_replies] has too many elements.")
	}
	for _, reply := range m.QuickReplies {
		switch {
		case reply.Type != "text":
			return refuse(100, "Invalid content_type %q", reply.Type)
		case reply.Title == "" || utf8.RuneCountInString(reply.Title) > 20:
			return refuse(100, "Length of param title must be between 1 and 20")
		case reply.Payload == "" || utf8.RuneCountInString(reply.Payload) > 1000:
			return refuse(100, "Length of param payload must be between 1 and 1000")
		}
	}
	return nil
}

// content is what the customer gets, in the words of who sends it.
func (s sending) content() channels.Content {
	if s.Payload != nil {
		return channels.Content{Reaction: &channels.SentReaction{Target: s.Payload.MessageID, Emoji: s.Payload.Reaction}}
	}
	content := channels.Content{Text: s.Message.Text}
	if a := s.Message.Attachment; a != nil {
		content.File = &channels.File{Kind: kindsOfFile[a.Type], Link: a.Payload.URL}
	}
	for _, reply := range s.Message.QuickReplies {
		if content.Choices == nil {
			content.Choices = &channels.Choices{}
		}
		content.Choices.Options = append(content.Choices.Options, channels.Option{ID: reply.Payload, Title: reply.Title})
	}
	return content
}
