package simulator

import (
	"encoding/json"
	"fmt"
	"strconv"

	"omni/channels"
	"omni/channels/simulate"
)

// places are messages that are written elsewhere than in the customer's private chat with the bot, or that need an earlier one.
var places = map[string]maker{
	"business_message": func(p play) (update, error) {
		m := p.new(p.private(), object{"text": p.Worded("Are you open?"), "business_connection_id": connection})
		return p.said("business_message", channels.KindMessage, p.businessThread(), m), nil
	},
	"business_message_of_the_owner": func(p play) (update, error) {
		m := p.new(p.private(), object{"text": "Until seven", "business_connection_id": connection, "from": owner()})
		return p.said("business_message", channels.KindMessage, p.businessThread(), m), nil
	},
	"channel_post": func(p play) (update, error) {
		m := p.new(channel(), object{"text": "News!", "sender_chat": channel()})
		delete(m, "from")
		return p.said("channel_post", channels.KindMessage, channelThread(), m), nil
	},
	"group_message": func(p play) (update, error) {
		m := p.new(p.group(), object{"text": p.Worded("Hello everybody")})
		return p.said("message", channels.KindMessage, p.groupThread(), m), nil
	},
	"group_message_of_an_anonymous_admin": func(p play) (update, error) {
		stand := object{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
		m := p.new(p.group(), object{"text": "Be kind", "from": stand, "sender_chat": p.group()})
		return p.said("message", channels.KindMessage, p.groupThread(), m), nil
	},
	"guest_message": func(p play) (update, error) {
		m := p.new(p.group(), object{"text": "@simulated_bot help", "guest_query_id": p.digits()})
		return p.said("guest_message", channels.KindMessage, p.guestThread(), m), nil
	},
	"topic_message": func(p play) (update, error) {
		header := object{"message_id": 33, "chat": p.group(), "date": p.At.Unix() - 60, "forum_topic_created": object{"name": "Repairs"}}
		m := p.new(p.group(), object{"text": p.Worded("It broke"), "message_thread_id": 33, "is_topic_message": true, "reply_to_message": header})
		return p.said("message", channels.KindMessage, p.groupThread(), m), nil
	},
	"reply_to_message": func(p play) (update, error) {
		id, err := p.earlier(p.privateThread())
		if err != nil {
			return update{}, err
		}
		original := object{"message_id": id, "chat": p.private(), "from": bot(), "date": p.At.Unix() - 60, "text": "How many?"}
		m := p.new(p.private(), object{"text": p.Worded("Two"), "reply_to_message": original, "quote": object{"text": "many", "position": 4}})
		return p.said("message", channels.KindMessage, p.privateThread(), m), nil
	},
	"callback_query": pressed,
	"callback_query_inline": func(p play) (update, error) {
		body := object{"id": p.digits(), "from": p.user(), "inline_message_id": p.letters(27), "chat_instance": "-" + p.digits(), "data": "no"}
		return update{"callback_query", body, expect(channels.KindMessage, p.privateThread(), "callback/"+p.digits())}, nil
	},
}

// changes are what happens to earlier messages.
var changes = map[string]maker{
	"edited_message": func(p play) (update, error) {
		return p.edited("edited_message", p.privateThread(), p.private(), object{})
	},
	"edited_channel_post": func(p play) (update, error) {
		p.Words = "" // a channel has no customer's
		u, err := p.edited("edited_channel_post", channelThread(), channel(), object{"sender_chat": channel()})
		delete(u.body, "from")
		return u, err
	},
	"edited_business_message": func(p play) (update, error) {
		return p.edited("edited_business_message", p.businessThread(), p.private(), object{"business_connection_id": connection})
	},
	"deleted_business_messages": func(p play) (update, error) {
		first, err := p.earlier(p.businessThread())
		if err != nil {
			return update{}, err
		}
		ids := []json.Number{first, json.Number(strconv.FormatInt(p.number, 10))} // the second is one that the bot never saw
		var expected []simulate.Expected
		for _, id := range ids {
			expected = append(expected, expect(channels.KindDelete, p.businessThread(), p.businessThread()+"/"+id.String())...)
		}
		body := object{"business_connection_id": connection, "chat": p.private(), "message_ids": ids}
		return update{"deleted_business_messages", body, expected}, nil
	},
	"message_reaction": func(p play) (update, error) {
		if p.Words != "" {
			return p.reacted([]object{}, []object{{"type": "emoji", "emoji": p.Words}})
		}
		return p.reacted([]object{}, []object{{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"}})
	},
	"message_reaction_removed": func(p play) (update, error) {
		return p.reacted([]object{{"type": "emoji", "emoji": "👍"}}, []object{})
	},
	"message_reaction_count": func(p play) (update, error) {
		reactions := []object{{"type": object{"type": "emoji", "emoji": "👍"}, "total_count": 3}}
		body := object{"chat": channel(), "message_id": 12, "date": p.At.Unix(), "reactions": reactions}
		return update{"message_reaction_count", body, p.expectUpdate(channels.KindSystem, channelThread())}, nil
	},
}

func (p play) edited(key, thread string, chat, more object) (update, error) {
	id, err := p.earlier(thread)
	if err != nil {
		return update{}, err
	}
	m := p.new(chat, more)
	m["message_id"], m["edit_date"], m["text"] = id, p.At.Unix(), p.Worded("What I meant to say")
	return update{key, m, expect(channels.KindEdit, thread, fmt.Sprintf("%s/%s/%d", thread, id, p.number))}, nil
}

func (p play) reacted(before, now []object) (update, error) {
	id, err := p.earlier(p.privateThread())
	if err != nil {
		return update{}, err
	}
	body := object{"chat": p.private(), "message_id": id, "user": p.user(), "date": p.At.Unix()}
	body["old_reaction"], body["new_reaction"] = before, now
	return update{"message_reaction", body, p.expectUpdate(channels.KindReaction, p.privateThread())}, nil
}

// pressed is the press of a button under a message of the bot's.
func pressed(p play) (update, error) {
	buttons, data := []object{{"text": "Yes", "callback_data": "yes"}, {"text": "No", "callback_data": "no"}}, "yes"
	under := p.new(p.private(), object{"from": bot(), "text": "Shall we?"})
	if p.Pressed != nil {
		id, err := p.earlier(p.privateThread())
		if err != nil {
			return update{}, err
		}
		under["message_id"], data = id, p.Pressed.ID
		buttons = []object{{"text": p.Pressed.Title, "callback_data": data}}
	}
	under["reply_markup"] = object{"inline_keyboard": [][]object{buttons}}
	body := object{"id": p.digits(), "from": p.user(), "message": under, "chat_instance": "-" + p.digits(), "data": data}
	return update{"callback_query", body, expect(channels.KindMessage, p.privateThread(), "callback/"+p.digits())}, nil
}
