package channels_test

import (
	"strings"

	"omni/channels"
)

func init() { adjustments["telegram"] = adjustTelegram }

// adjustTelegram shortens our names of messages, "<thread>/<message_id>", to the manifest's bare message ids, and says what the manifest
// says of events that are not messages.
func adjustTelegram(group string, it item, e channels.Event, u channels.Update) string {
	if _, chat, scoped := cutLast(e.Thread, ":"); scoped {
		it["chat_id"] = chat
	} else {
		it["chat_id"] = optional(e.Thread)
	}
	for _, key := range []string{"reply_to", "target_id"} {
		if name, ok := it[key].(string); ok {
			it[key] = optional(messageNumber(name))
		}
	}
	switch {
	case u.Message != nil:
		it["external_id"] = optional(messageNumber(e.ID))
		if u.Message.Choice != nil {
			it["interactive_kind"] = "callback_query"
		}
	case u.System != nil && u.System.Type == "service":
		it["external_id"], it["service"] = optional(messageNumber(e.ID)), u.System.Detail
	case u.Edit != nil:
		it["external_id"] = it["target_id"] // of an edit it is the message's
	default:
		it["external_id"] = nil // of other events the manifest gives none, not even where they have one
	}
	if u.System != nil {
		adjustTelegramSystem(it, u.System)
	}
	return group
}

func adjustTelegramSystem(it item, s *channels.System) {
	switch s.Type {
	case "chat_boost", "removed_chat_boost": // the manifest reads neither the booster nor the dates of boosts
		it["sender_id"], it["timestamp_unix"] = nil, nil
	}
}

// messageNumber is the last part of a message's name; none for an event that is only named by its update.
func messageNumber(name string) string {
	before, number, ok := cutLast(name, "/")
	if !ok || before == "update" {
		return ""
	}
	return number
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
