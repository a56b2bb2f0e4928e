package telegram

import (
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// thread names the chat that the update belongs to. What names a person and no chat, and concerns this person and the bot, belongs to
// the chat of the two, whose id is the person's.
func (u update) thread() string {
	switch u.key {
	case callbackQuery:
		if thread := u.chatThread(u.body.Object("message")); thread != "" {
			return thread
		}
		return u.body.Object("from").ID("id")
	case "shipping_query", "pre_checkout_query", "purchased_paid_media":
		return u.body.Object("from").ID("id")
	case "subscription":
		return u.body.Object("user").ID("id")
	}
	return u.chatThread(u.body)
}

// chatThread names the chat of a message, or of anything else that has a chat.
func (u update) chatThread(m wire.Object) string {
	chat := m.Object("chat").ID("id")
	if chat == "" {
		return ""
	}
	return u.scope(m) + chat
}

// scope is what a thread's name has before the chat id where that alone may be another chat's: the chats of a business account, and
// those where the bot is a guest, have nothing in common with the bot's own chats of the same ids.
func (u update) scope(m wire.Object) string {
	if connection := m.ID("business_connection_id"); connection != "" {
		return connection + ":"
	}
	if u.key == guestMessage || m.ID("guest_query_id") != "" {
		return "guest:"
	}
	return ""
}

// messageRef is a message's name within the bot: its Event.ID, by which other events refer to it. Empty when it has none.
func messageRef(thread string, m wire.Object) string {
	id := m.ID("message_id")
	if id == "0" {
		id = ephemeralID(m)
	}
	if thread == "" || id == "" {
		return ""
	}
	return thread + "/" + id
}

// ephemeralID identifies a message that only one member of the chat sees. Its number is used again, so the date belongs to it. A message
// that will be sent later has 0 for its id too and none of this.
func ephemeralID(m wire.Object) string {
	id := m.ID("ephemeral_message_id")
	if id == "" {
		return ""
	}
	return "ephemeral-" + id + "-" + m.ID("date")
}

// target is the message that an edit, a reaction or a deletion is about; empty when the body does not name it.
func (u update) target() string {
	m := u.body
	if ids := u.body.List("message_ids"); u.key == deletedMessages && len(ids) > 0 {
		m = wire.Object{"message_id": ids[0]}
	}
	return messageRef(u.thread(), m)
}

// ownNames are the beginnings of the ids of what has an id of its own besides messages.
var ownNames = map[string]string{
	callbackQuery:        "callback/",
	"inline_query":       "inline_query/",
	"shipping_query":     "shipping_query/",
	"pre_checkout_query": "pre_checkout_query/",
}

func (u update) eventID() string {
	kind := u.kind()
	name, named := ownNames[u.key]
	id := u.body.ID("id")
	switch {
	case u.isMessage():
		return u.messageID()
	case kind == channels.KindEdit:
		return u.target() + "/" + u.version()
	case kind == channels.KindDelete:
		return u.target()
	case u.key == deletedMessages:
		return channels.HashID(string(u.raw)) // one body can hold several that name no message
	case named && id != "":
		return name + id
	}
	return u.ownID()
}

// messageID is the id of a new message. One that does not say its chat is still told apart by its update.
func (u update) messageID() string {
	if ref := messageRef(u.thread(), u.body); ref != "" {
		return ref
	}
	if id := u.body.ID("message_id"); id != "" && id != "0" {
		return u.ownID() + "/" + id
	}
	return u.ownID()
}

// version tells the edits of one message apart. Their date does not: it has seconds, and two edits fit into one.
func (u update) version() string {
	if u.id != "" {
		return u.id
	}
	if date := u.body.ID("edit_date"); date != "" {
		return date
	}
	return channels.HashID(string(u.raw))
}

// ownID is the id of an event to which Telegram gives none but the update's, which is the same whenever Telegram repeats the webhook.
func (u update) ownID() string {
	if u.id != "" {
		return "update/" + u.id
	}
	return channels.HashID(string(u.raw))
}

// at is when it happened. A boost only tells when it was given, which one that was extended repeats; a pressed button tells nothing.
func (u update) at() time.Time {
	keys := []string{"date"}
	switch {
	case u.isEdit():
		keys = []string{"edit_date", "date"}
	case u.key == "removed_chat_boost":
		keys = []string{"remove_date"}
	}
	for _, key := range keys {
		if at := u.body.Time(key); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}
