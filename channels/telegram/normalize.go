package telegram

import (
	"fmt"
	"slices"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

func (c *channel) Normalize(e channels.Event) (channels.Update, error) {
	updates, err := split(e.Raw)
	if err != nil {
		return channels.Update{}, err
	}
	if len(updates) != 1 {
		return channels.Update{}, fmt.Errorf("the event's bytes tell of %d events, want 1", len(updates))
	}
	u := updates[0]
	if kind := u.kind(); kind != e.Kind {
		return channels.Update{}, fmt.Errorf("the event's bytes are of kind %q, want %q", kind, e.Kind)
	}
	return u.normalize(e.Kind), nil
}

func (u update) normalize(kind channels.Kind) channels.Update {
	out := channels.Update{Group: u.group(), Extra: u.extra()}
	switch {
	case kind == channels.KindUnknown:
	case u.key == callbackQuery:
		u.callback(&out)
	case kind == channels.KindMessage:
		out.Person, out.Message = u.customer(u.body), u.content(u.body)
		out.Window = u.window(out.Message)
		u.unread(out.Extra, out.Message)
	case kind == channels.KindEdit:
		out.Person, out.Edit = u.customer(u.body), &channels.Edit{Target: u.target(), Content: u.content(u.body)}
		u.unread(out.Extra, out.Edit.Content)
	case kind == channels.KindReaction:
		out.Person = actor(u.body, "user", "actor_chat")
		out.Reaction = &channels.Reaction{Target: u.target(), Actor: idOf(out.Person), Emojis: reactions(u.body)}
	case kind == channels.KindDelete:
		out.Person = userPerson(u.body.Object("chat"))
		out.Delete = &channels.Delete{Target: u.target()} // the body does not say which side deleted it
	case u.isMessage():
		u.service(&out)
	default:
		u.system(&out)
	}
	return out
}

// window is how long a bot may answer in a business account's chat after this message. Its own chats have no such limit.
// Source: core.telegram.org/bots/api#businessbotrights, can_reply.
func (u update) window(m *channels.Message) time.Duration {
	if u.key == "business_message" && m.Direction == channels.In {
		return 24 * time.Hour
	}
	return 0
}

// content reads a message.
func (u update) content(m wire.Object) *channels.Message {
	text, spans := textOf(m)
	message := &channels.Message{
		Direction:   u.direction(m),
		Sender:      idOf(author(m)),
		Text:        text,
		Format:      spans,
		Attachments: attachments(m),
		ReplyTo:     u.replyTo(m),
		Quote:       m.Object("quote").String("text"),
		Story:       storyOf(m),
		Forwarded:   slices.ContainsFunc(forwardKeys, func(key string) bool { return filled(m, key) }),
		Album:       m.ID("media_group_id"),
		Topic:       topicOf(m),
	}
	if m.Has("rich_message") {
		message.Text, message.Format, message.Attachments = richMessage(m.Object("rich_message"))
	}
	message.Type = typeOf(m, message)
	return message
}

// forwardKeys mark a message as forwarded: the first since Bot API 7.0, the others before.
var forwardKeys = []string{"forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name"}

// typeOf is what a message mainly is. A caption belongs to its attachment and makes no text of a message, unless there is no attachment.
func typeOf(m wire.Object, message *channels.Message) channels.MessageType {
	switch {
	case m.String("text") == "" && !m.Has("rich_message") && len(message.Attachments) > 0:
		return channels.MessageType(message.Attachments[0].Kind)
	case message.Text != "":
		return channels.TypeText
	case len(message.Attachments) > 0:
		return channels.MessageType(message.Attachments[0].Kind)
	}
	return channels.TypeUnsupported
}

// replyTo is the message that m answers. In a forum every message that starts no thread of its own answers the service message that
// opened the topic: that is where it stands, not what it answers.
func (u update) replyTo(m wire.Object) string {
	original := m.Object("reply_to_message")
	if !original.Has("message_id") {
		elsewhere := m.Object("external_reply") // names only chats of the bot's own kind: supergroups and channels
		return messageRef(elsewhere.Object("chat").ID("id"), elsewhere)
	}
	inTopic := m.Bool("is_topic_message") && original.ID("message_id") == m.ID("message_thread_id")
	if inTopic || original.Has("forum_topic_created") {
		return ""
	}
	chat := original.Object("chat").ID("id")
	if chat == "" {
		chat = m.Object("chat").ID("id")
	}
	if chat == "" {
		return ""
	}
	return messageRef(u.scope(m)+chat, original)
}

func storyOf(m wire.Object) *channels.Story {
	if id := storyID(m.Object("reply_to_story")); id != "" {
		return &channels.Story{ID: id}
	}
	return nil
}

// storyID is a story's name: its id is unique only within the chat that posted it.
func storyID(story wire.Object) string {
	chat, id := story.Object("chat").ID("id"), story.ID("id")
	if chat == "" || id == "" {
		return id
	}
	return chat + "/" + id
}
