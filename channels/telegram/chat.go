package telegram

import (
	"encoding/json"
	"strconv"
	"strings"

	"omni/channels"
)

// chat is where a thread lies, as the Bot API is told of it.
type chat struct {
	thread     string
	connection string // of the business account whose chat it is; empty: it is the bot's own
	id         json.Number
}

// openChat takes a thread's name apart. It refuses one in which a bot cannot write of its own accord.
func openChat(thread string) (chat, error) {
	scope, id, scoped := strings.Cut(thread, ":")
	if !scoped {
		scope, id = "", thread
	}
	if scope == "guest" {
		return chat{}, channels.Reject("guest_chat", "The bot is only a guest in this chat: it can answer there once, within the call, and not write later.", nil)
	}
	if _, err := strconv.ParseInt(id, 10, 64); err != nil || scoped && scope == "" {
		return chat{}, channels.Reject("thread", "This is no chat of Telegram: "+thread+".", nil)
	}
	return chat{thread: thread, connection: scope, id: json.Number(id)}, nil
}

// params are the parameters by which methods know the chat.
func (c chat) params() params {
	p := params{"chat_id": c.id}
	if c.connection != "" {
		p["business_connection_id"] = c.connection
	}
	return p
}

// message is the number of one of the chat's messages, by its Event.ID. Not all that people do in a chat is a message with a number:
// a pressed button has none.
func (c chat) message(eventID string) (int64, bool) {
	number, ok := strings.CutPrefix(eventID, c.thread+"/")
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return id, err == nil && id > 0
}

// moved is the chat under a new id.
func (c chat) moved(id string) chat {
	scope := strings.TrimSuffix(c.thread, c.id.String())
	return chat{thread: scope + id, connection: c.connection, id: json.Number(id)}
}
