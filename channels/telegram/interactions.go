package telegram

import (
	"encoding/json"

	"omni/channels"
	"omni/channels/internal/wire"
)

// callback reads the press of a button under a message. Inline messages, which the bot wrote through a user into a chat it may not know,
// and messages that are too old are not shown.
func (u update) callback(out *channels.Update) {
	out.Person = userPerson(u.body.Object("from"))
	choice := &channels.Choice{Kind: "callback", ID: u.body.ID("data")}
	if choice.ID == "" {
		choice.ID = u.body.ID("game_short_name")
	}
	under := u.body.Object("message")
	choice.Title = buttonTitle(under, choice.ID)
	out.Message = &channels.Message{
		Direction: channels.In,
		Type:      channels.TypeInteractive,
		Sender:    idOf(out.Person),
		Text:      choice.Title,
		Choice:    choice,
		ReplyTo:   messageRef(u.chatThread(under), under),
		Topic:     topicOf(under),
	}
}

// buttonTitle is what the button with this data says.
func buttonTitle(m wire.Object, data string) string {
	for _, row := range m.Object("reply_markup").List("inline_keyboard") {
		for _, button := range objects(row) {
			if data != "" && button.String("callback_data") == data {
				return button.String("text")
			}
		}
	}
	return ""
}

// objects are those elements of an array that are objects.
func objects(raw json.RawMessage) []wire.Object { return wire.Object{"": raw}.Objects("") }

// reactions are all reactions that the actor now has on the message.
func reactions(body wire.Object) []string {
	emojis := []string{}
	for _, r := range body.Objects("new_reaction") {
		switch kind := r.String("type"); kind {
		case "emoji":
			emojis = append(emojis, r.String("emoji"))
		case "custom_emoji":
			emojis = append(emojis, "custom:"+r.ID("custom_emoji_id"))
		default: // "paid", and whatever comes
			emojis = append(emojis, kind)
		}
	}
	return emojis
}
