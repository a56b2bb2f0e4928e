package telegram

import (
	"bytes"
	"encoding/json"
	"slices"

	"omni/channels"
	"omni/channels/internal/wire"
)

// serviceFields mark a message as written by the service, not by a person; Update.System names the first that is there.
var serviceFields = []string{
	"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
	"group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed",
	migrateTo, migrateFrom, pinnedMessage,
	"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
	"general_forum_topic_hidden", "general_forum_topic_unhidden",
	"video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
	"voice_chat_scheduled", "voice_chat_started", "voice_chat_ended", "voice_chat_participants_invited", // before Bot API 6.0
	"users_shared", "chat_shared", "user_shared", // user_shared: before Bot API 7.0, and beside users_shared since
	"web_app_data", "successful_payment", "refunded_payment", "connected_website", "write_access_allowed", "passport_data",
	"proximity_alert_triggered", "chat_background_set", "boost_added", "chat_owner_left", "chat_owner_changed",
	"gift", "unique_gift", "gift_upgrade_sent",
	"giveaway_created", "giveaway", "giveaway_winners", "giveaway_completed",
	"checklist_tasks_done", "checklist_tasks_added", "poll_option_added", "poll_option_deleted",
	"suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
	"suggested_post_refunded", "direct_message_price_changed", "paid_message_price_changed",
	"community_chat_added", "community_chat_removed", "managed_bot_created",
}

const (
	migrateTo     = "migrate_to_chat_id"
	migrateFrom   = "migrate_from_chat_id"
	pinnedMessage = "pinned_message"
)

// serviceField is the first service field of a message; empty when a person wrote it.
func serviceField(m wire.Object) string {
	for _, field := range serviceFields {
		// Many fields are objects that can be empty, which what was written by PHP has as empty lists.
		isList := field == "new_chat_members" || field == "new_chat_photo"
		if filled(m, field) || string(m[field]) == "[]" && !isList {
			return field
		}
	}
	return ""
}

// service reads a message that the service wrote.
func (u update) service(out *channels.Update) {
	field := serviceField(u.body)
	out.Person = u.customer(u.body)
	out.System = &channels.System{Type: "service", Detail: field, Actor: idOf(author(u.body))}
	switch field {
	case migrateTo:
		out.System.Moved = u.scope(u.body) + u.body.ID(field)
	case migrateFrom:
		out.Aliases = []string{u.scope(u.body) + u.body.ID(field)}
	case pinnedMessage:
		out.System.Target = messageRef(u.thread(), u.body.Object(field))
	case "web_app_data":
		out.System.Payload = u.body.Object(field).String("data")
	case "successful_payment", "refunded_payment":
		payment := u.body.Object(field)
		out.System.Payload, out.System.Target = payment.String("invoice_payload"), payment.String("telegram_payment_charge_id")
	default:
		out.System.Payload = payload(u.body[field])
	}
}

// payload is what a field says: a string as it is, nothing if it only says that something happened, and otherwise JSON.
func payload(raw json.RawMessage) string {
	if text := (wire.Object{"": raw}).String(""); text != "" {
		return text
	}
	var b bytes.Buffer
	if slices.Contains([]string{"true", "1", "{}", "[]"}, string(raw)) || json.Compact(&b, raw) != nil {
		return ""
	}
	return b.String()
}

// system reads an update that is no message.
func (u update) system(out *channels.Update) {
	out.Person = userPerson(u.body.Object("from"))
	s := &channels.System{Type: u.key}
	switch u.key {
	case "business_connection":
		u.connection(s)
	case "message_reaction_count":
		s.Target, s.Payload = u.target(), payload(u.body["reactions"])
	case "inline_query":
		s.Payload = u.body.String("query")
	case "chosen_inline_result":
		s.Target, s.Payload = u.body.String("result_id"), u.body.String("query")
	case "shipping_query", "pre_checkout_query":
		s.Target, s.Payload = u.body.ID("id"), u.body.String("invoice_payload")
	case "purchased_paid_media":
		s.Payload = u.body.String("paid_media_payload")
	case "subscription":
		out.Person = userPerson(u.body.Object("user"))
		s.Detail, s.Payload = u.body.String("state"), u.body.String("invoice_payload")
	case "poll":
		s.Target, s.Payload = u.body.ID("id"), payload(u.body["options"])
	case "poll_answer":
		out.Person = actor(u.body, "user", "voter_chat")
		s.Target, s.Payload = u.body.ID("poll_id"), payload(u.body["option_ids"])
	case "my_chat_member", "chat_member":
		u.member(s)
	case "chat_join_request":
		s.Text = u.body.String("bio")
	case "chat_boost", "removed_chat_boost":
		u.boost(s, out)
	case "managed_bot":
		out.Person = userPerson(u.body.Object("user"))
		s.Target = u.body.Object("bot").ID("id")
	}
	if s.Actor == "" {
		s.Actor = idOf(out.Person)
	}
	out.System = s
}

// connection reads that the owner of a business account connected the bot, changed what it may do, or disconnected it. The owner is no
// customer.
func (u update) connection(s *channels.System) {
	s.Target = u.body.ID("id")
	s.Actor = u.body.Object("user").ID("id")
	s.Detail = "disabled"
	if u.body.Bool("is_enabled") {
		s.Detail = "enabled"
	}
}

// member reads that someone, or with my_chat_member the bot, joined, left or got another role. In a private chat "kicked" says that the
// user blocked the bot, and "member" that it may write again.
func (u update) member(s *channels.System) {
	now := u.body.Object("new_chat_member")
	s.Detail = now.String("status")
	s.Target = now.Object("user").ID("id")
}

// boost reads that someone boosted the chat, or no longer does.
func (u update) boost(s *channels.System, out *channels.Update) {
	boost := u.body
	if u.key == "chat_boost" {
		boost = u.body.Object("boost")
	}
	source := boost.Object("source")
	out.Person = userPerson(source.Object("user"))
	s.Target, s.Detail = boost.String("boost_id"), source.String("source")
}
