package simulator

import "omni/channels"

// others are updates that are no messages and change none.
var others = map[string]maker{
	"business_connection": func(p play) (update, error) {
		body := object{"id": connection, "user": owner(), "user_chat_id": ownerID, "date": p.At.Unix(), "is_enabled": true}
		return p.told("business_connection", "", body)
	},
	"chat_boost": func(p play) (update, error) {
		boost := object{"boost_id": p.digits(), "add_date": p.At.Unix(), "expiration_date": p.At.Unix() + 86400, "source": p.source()}
		return p.told("chat_boost", channelThread(), object{"chat": channel(), "boost": boost})
	},
	"removed_chat_boost": func(p play) (update, error) {
		body := object{"chat": channel(), "boost_id": p.digits(), "remove_date": p.At.Unix(), "source": p.source()}
		return p.told("removed_chat_boost", channelThread(), body)
	},
	"chat_join_request": func(p play) (update, error) {
		body := object{"chat": p.group(), "from": p.user(), "user_chat_id": p.customerID(), "date": p.At.Unix(), "bio": "potter"}
		return p.told("chat_join_request", p.groupThread(), body)
	},
	"chat_member": func(p play) (update, error) {
		return p.told("chat_member", p.groupThread(), p.member(p.group(), p.user(), "left", "member"))
	},
	"my_chat_member": func(p play) (update, error) { // the customer blocks the bot
		return p.told("my_chat_member", p.privateThread(), p.member(p.private(), bot(), "member", "kicked"))
	},
	"chosen_inline_result": func(p play) (update, error) {
		return p.told("chosen_inline_result", "", object{"result_id": "1", "from": p.user(), "query": "vase"})
	},
	"inline_query": func(p play) (update, error) {
		return p.asked("inline_query", "", object{"query": "vase", "offset": "", "chat_type": "sender"})
	},
	"pre_checkout_query": func(p play) (update, error) {
		return p.asked("pre_checkout_query", p.privateThread(), object{"currency": "EUR", "total_amount": 1250, "invoice_payload": "order"})
	},
	"shipping_query": func(p play) (update, error) {
		address := object{"country_code": "PT", "state": "", "city": "Lisboa", "street_line1": "Rua A 1", "post_code": "1000-001"}
		return p.asked("shipping_query", p.privateThread(), object{"invoice_payload": "order", "shipping_address": address})
	},
	"managed_bot": func(p play) (update, error) { return p.told("managed_bot", "", object{"user": p.user(), "bot": bot()}) },
	"poll_closed": func(p play) (update, error) {
		poll := contents["poll"](p)["poll"].(object)
		poll["is_closed"] = true
		return p.told("poll", "", poll)
	},
	"poll_answer": func(p play) (update, error) {
		body := object{"poll_id": p.digits(), "user": p.user(), "option_ids": []int{1}, "option_persistent_ids": []string{"b"}}
		return p.told("poll_answer", "", body)
	},
	"purchased_paid_media": func(p play) (update, error) {
		return p.told("purchased_paid_media", p.privateThread(), object{"from": p.user(), "paid_media_payload": "scenes"})
	},
	"subscription": func(p play) (update, error) {
		return p.told("subscription", p.privateThread(), object{"user": p.user(), "invoice_payload": "club", "state": "canceled"})
	},
	"unknown": func(p play) (update, error) { // a kind that Telegram has not invented yet
		return update{"thought_shared", object{"from": p.user(), "thought": "hm"}, p.expectUpdate(channels.KindUnknown, "")}, nil
	},
	"unknown_empty": func(p play) (update, error) {
		return update{expect: p.expectUpdate(channels.KindUnknown, "")}, nil
	},
}

func (p play) told(key, thread string, body object) (update, error) {
	return update{key, body, p.expectUpdate(channels.KindSystem, thread)}, nil
}

// asked is an event with an id of its own, by which it can be answered.
func (p play) asked(key, thread string, body object) (update, error) {
	body["id"], body["from"] = p.digits(), p.user()
	return update{key, body, expect(channels.KindSystem, thread, key+"/"+p.digits())}, nil
}

func (p play) member(chat, who object, before, now string) object {
	return object{"chat": chat, "from": p.user(), "date": p.At.Unix(),
		"old_chat_member": object{"status": before, "user": who}, "new_chat_member": object{"status": now, "user": who}}
}

func (p play) source() object { return object{"source": "premium", "user": p.user()} }
