package telegram

import (
	"maps"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// extra are the facts that no word of ours stands for.
func (u update) extra() map[string]string {
	m := u.holder()
	invoice := u.body.Object("invoice")
	extra := map[string]string{}
	for _, fact := range []struct{ name, value string }{
		{"update_id", u.id},
		{"chat_type", m.Object("chat").ID("type")},
		{"thread_id", m.ID("message_thread_id")},
		{"business_connection_id", m.ID("business_connection_id")},
		{"business_bot", m.Object("sender_business_bot").ID("id")},
		{"author_signature", m.ID("author_signature")},
		{"guest_query_id", u.body.ID("guest_query_id")},
		{"inline_message_id", u.body.ID("inline_message_id")},
		{"user_chat_id", u.body.ID("user_chat_id")},
		{"paid_stars", u.body.Object("paid_media").ID("star_count")},
		{"currency", invoice.ID("currency") + u.body.ID("currency")},
		{"total_amount", invoice.ID("total_amount") + u.body.ID("total_amount")},
		{"raw_type", u.rawType()},
	} {
		if fact.value != "" {
			extra[fact.name] = fact.value
		}
	}
	return extra
}

// holder is the object that says in which chat it happened: for a pressed button, the message that shows it.
func (u update) holder() wire.Object {
	if u.key == callbackQuery {
		return u.body.Object("message")
	}
	return u.body
}

// group describes the chat when several people share it.
func (u update) group() *channels.Group {
	chat := u.holder().Object("chat")
	switch kind := chat.String("type"); kind {
	case "group", "supergroup", "channel":
		return &channels.Group{Kind: kind, Title: chat.String("title")}
	}
	return nil
}

// rawType names what we could not read: the members of a body of unknown kind, or the one that is not of the type it should be.
func (u update) rawType() string {
	switch {
	case u.key == "":
		root, _ := wire.ParseObject(u.raw)
		return others(root, []string{"update_id"})
	case u.kind() == channels.KindUnknown:
		return u.key
	}
	return ""
}

// unread adds which members may hold the content of a message in which we found none.
func (u update) unread(extra map[string]string, m *channels.Message) {
	if names := others(u.body, frame); m.Type == channels.TypeUnsupported && names != "" {
		extra["raw_type"] = names
	}
}

// frame are the members of a message around its content.
var frame = []string{
	"message_id", "message_thread_id", "from", "sender_chat", "date", "edit_date", "chat", "is_topic_message", "reply_to_message",
	"external_reply", "quote", "reply_to_story", "via_bot", "business_connection_id", "guest_query_id", "media_group_id",
	"author_signature", "direct_messages_topic", "has_protected_content", "is_from_offline", "reply_markup", "forward_origin",
	"forward_date", "forward_from", "forward_from_chat", "forward_sender_name", "sender_boost_count", "sender_business_bot", "sender_tag",
	"receiver_user", "ephemeral_message_id", "effect_id", "link_preview_options", "paid_star_count", "is_paid_post",
}

func others(o wire.Object, known []string) string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if filled(o, key) && !slices.Contains(known, key) {
			keys = append(keys, key)
		}
	}
	return strings.Join(keys, ",")
}

// filled reports whether a member says more than its absence would: some libraries write every member of a message, used or not.
func filled(o wire.Object, key string) bool {
	raw, ok := o[key]
	return ok && !slices.Contains(nothing, string(raw))
}

var nothing = []string{"null", "false", "0", `""`, "[]"}
