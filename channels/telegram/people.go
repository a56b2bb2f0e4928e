package telegram

import (
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Kinds of identity. A user's id is also the id of the private chat with that user.
const (
	userIdentity = "telegram_user"
	chatIdentity = "telegram_chat"
)

// author is who wrote a message, or nil. A chat can write: a channel, or a group whose administrators stay anonymous. Telegram then
// also sends a stand-in user (GroupAnonymousBot, Channel_Bot), so the chat goes first.
func author(m wire.Object) *channels.Person {
	if p := chatPerson(m.Object("sender_chat")); p != nil {
		return p
	}
	if p := userPerson(m.Object("from")); p != nil {
		return p
	}
	switch chat := m.Object("chat"); chat.String("type") {
	case "channel":
		return chatPerson(chat)
	case "private":
		return userPerson(chat)
	}
	return nil
}

// userPerson reads a user, or the chat with one: they have these fields in common.
func userPerson(user wire.Object) *channels.Person {
	id := user.ID("id")
	if id == "" {
		return nil
	}
	return &channels.Person{
		Identities: []channels.Identity{{Kind: userIdentity, Value: id}},
		Name:       fullName(user),
		Username:   user.String("username"),
		Language:   user.String("language_code"),
	}
}

func chatPerson(chat wire.Object) *channels.Person {
	id := chat.ID("id")
	if id == "" {
		return nil
	}
	return &channels.Person{
		Identities: []channels.Identity{{Kind: chatIdentity, Value: id}},
		Name:       chat.String("title"),
		Username:   chat.String("username"),
	}
}

// actor is the user under one key or the chat under the other: who reacted or voted, by name or anonymously.
func actor(o wire.Object, userKey, chatKey string) *channels.Person {
	if p := userPerson(o.Object(userKey)); p != nil {
		return p
	}
	return chatPerson(o.Object(chatKey))
}

func idOf(p *channels.Person) string {
	if p == nil {
		return ""
	}
	return p.Identities[0].Value
}

func fullName(o wire.Object) string {
	return strings.TrimSpace(o.String("first_name") + " " + o.String("last_name"))
}

// direction tells who wrote a message. Only in the chats of a business account can that be our side: the owner, whose id is not the
// chat's, or a bot on the owner's behalf.
func (u update) direction(m wire.Object) channels.Direction {
	if m.Has("sender_business_bot") {
		return channels.Out
	}
	if m.ID("business_connection_id") == "" && u.key != "business_message" && u.key != "edited_business_message" {
		return channels.In
	}
	from, chat := m.Object("from").ID("id"), m.Object("chat").ID("id")
	if from != "" && chat != "" && from != chat { // all these chats are private
		return channels.Out
	}
	return channels.In
}

// customer is the person at the other side of a message: its author, or the one it was written to.
func (u update) customer(m wire.Object) *channels.Person {
	if u.direction(m) == channels.Out {
		return userPerson(m.Object("chat"))
	}
	p := author(m)
	if p != nil {
		p.Phone = ownPhone(m)
	}
	return p
}

// ownPhone is the number on a contact card if the card is the sender's own: that is how Telegram shares one's number with a bot.
func ownPhone(m wire.Object) string {
	card := m.Object("contact")
	if id := card.ID("user_id"); id == "" || id != m.Object("from").ID("id") {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, card.ID("phone_number"))
	if digits == "" {
		return ""
	}
	return "+" + digits
}
