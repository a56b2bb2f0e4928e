package simulator

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// sender is a method that sends something.
type sender struct {
	params  []string // besides those that all have
	content func(given) (channels.Content, *refusal)
}

// common are the parameters that all methods take that send a message.
var common = []string{"chat_id", "business_connection_id", "reply_parameters", "message_thread_id", "direct_messages_topic_id"}

// Limits. Source: core.telegram.org/bots/faq, "My bot is hitting limits"; core.telegram.org/bots/api#businessbotrights, can_reply.
const (
	maxRate        = 30 // messages a second of one bot
	businessWindow = 24 * time.Hour
)

// send plays a method that sends: it checks everything before it lets go wrong what should.
func (a *api) send(method string, r *http.Request, b *botAPI) (any, *refusal) {
	g, refused := readParams(r, append(senders[method].params, common...)...)
	if refused != nil {
		return nil, refused
	}
	if refused := checkChat(g); refused != nil {
		return nil, refused
	}
	if g.values["business_connection_id"] != "" && !a.Open(b.name, thread(g), businessWindow) {
		return nil, badRequest("BUSINESS_PEER_USAGE_MISSING")
	}
	content, refused := senders[method].content(g)
	if refused != nil {
		return nil, refused
	}
	at, ok := a.Admit(maxRate, b.name)
	if !ok {
		return nil, tooMany(time.Second)
	}
	mishap, after := a.Mishap()
	switch mishap {
	case simulate.Throttled:
		return nil, tooMany(after)
	case simulate.Refused:
		return nil, &refusal{code: http.StatusBadGateway, description: "Bad Gateway"}
	}
	result := a.take(g, simulate.Delivery{Account: b.name, Thread: thread(g), Content: content, At: at}, b)
	if mishap == simulate.Lost {
		a.HangUp()
		return nil, &refusal{code: http.StatusInternalServerError, description: "Internal Server Error: restart"}
	}
	return result, nil
}

func tooMany(wait time.Duration) *refusal {
	seconds := int(max(1, math.Ceil(wait.Seconds())))
	why := fmt.Sprintf("Too Many Requests: retry after %d", seconds)
	return &refusal{http.StatusTooManyRequests, why, object{"retry_after": seconds}}
}

// take delivers: from now on the customer has it. The result is the message, or of a reaction only that it worked.
func (a *api) take(g given, delivery simulate.Delivery, b *botAPI) any {
	if delivery.Content.Reaction != nil {
		a.Take(delivery)
		return true
	}
	a.mu.Lock()
	a.sent++
	id := number(a.run, a.sent)
	a.mu.Unlock()
	delivery.ID = fmt.Sprintf("%s/%d", delivery.Thread, id)
	a.Take(delivery)
	return sentMessage(g, delivery.Content, id, b)
}

// checkChat refuses what goes nowhere: Telegram knows the chats of those whom this simulator plays.
func checkChat(g given) *refusal {
	chat := g.int("chat_id")
	private := chat >= customerIDs && chat < customerIDs+1_000_000_000
	connected, business := g.values["business_connection_id"]
	switch {
	case business && connected != connection:
		return badRequest("business connection not found")
	case business && !private:
		return badRequest("BUSINESS_PEER_INVALID")
	case !private && chat != channelID && (chat > groupIDs || chat < groupIDs-1_000_000_000):
		return badRequest("chat not found")
	}
	var reply struct {
		ID      int64 `json:"message_id"`
		Without bool  `json:"allow_sending_without_reply"`
	}
	if !g.object("reply_parameters", &reply) || g.values["reply_parameters"] != "" && reply.ID <= 0 {
		return badRequest("message to be replied not found")
	}
	for _, topic := range []string{"message_thread_id", "direct_messages_topic_id"} {
		if g.values[topic] != "" && g.int(topic) <= 0 {
			return badRequest("message thread not found")
		}
	}
	return nil
}

// thread is the chat as the channel's events name it.
func thread(g given) string {
	chat := strconv.FormatInt(g.int("chat_id"), 10)
	if connected := g.values["business_connection_id"]; connected != "" {
		return connected + ":" + chat
	}
	return chat
}

// sentMessage is a message that a bot has sent, as Telegram shows it to the bot. A file is there by its kind only.
func sentMessage(g given, content channels.Content, id int64, b *botAPI) object {
	m := object{"message_id": id, "date": time.Now().Unix(), "from": b.user(), "chat": object{"id": g.int("chat_id"), "type": "private"}}
	if chat := g.int("chat_id"); chat < 0 {
		m["chat"] = object{"id": chat, "type": "supergroup"}
	}
	if connected := g.values["business_connection_id"]; connected != "" {
		m["business_connection_id"] = connected
	}
	maps.Copy(m, shown(g, content))
	return m
}

func shown(g given, content channels.Content) object {
	switch {
	case content.File != nil:
		file := object{"file_id": "BQACAgIAAxkDAAI" + g.file.name, "file_unique_id": "AgAD", "file_size": g.file.bytes}
		if content.File.Kind == channels.Image {
			return object{"caption": content.Text, "photo": []object{file}}
		}
		return object{"caption": content.Text, g.file.field: file}
	case content.Place != nil:
		return object{"location": object{"latitude": content.Place.Latitude, "longitude": content.Place.Longitude}}
	case content.Card != nil:
		return object{"contact": object{"phone_number": content.Card.Phones[0], "first_name": content.Card.Name}}
	}
	return object{"text": content.Text}
}
