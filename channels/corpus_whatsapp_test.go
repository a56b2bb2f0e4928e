package channels_test

import (
	"omni/channels"
	"omni/channels/internal/wire"
)

func init() { adjustments["whatsapp"] = adjustWhatsApp }

// adjustWhatsApp says what the channel found in the manifest's words.
func adjustWhatsApp(group string, it item, e channels.Event, u channels.Update) string {
	for _, key := range []string{"sender_id", "recipient_id", "peer_id"} {
		it[key] = whatsAppName(it[key], u.Person)
	}
	switch {
	case u.Message != nil:
		adjustWhatsAppMessage(it, e, u)
	case u.Edit != nil && u.Edit.Content.Direction == channels.Out:
		it["peer_id"] = whatsAppName(e.Thread, u.Person)
	case u.Status != nil && u.Extra["group_id"] != "":
		it["recipient_id"] = e.Thread // the manifest has the group there, we have the member
	case u.System != nil:
		adjustWhatsAppSystem(it, e, u)
	}
	if e.History {
		return adjustWhatsAppHistory(it, e)
	}
	return group
}

// whatsAppName turns the id that we know a person by into the one that the manifest prefers: the wa_id, if there is one.
func whatsAppName(id any, p *channels.Person) any {
	if p == nil || len(p.Identities) < 2 || id != p.Identities[0].Value || p.Identities[1].Kind != "wa_id" {
		return id
	}
	return p.Identities[1].Value
}

// whatsAppWords are the platform's words, which the manifest uses, for ours.
var whatsAppWords = map[string]string{"contact": "contacts", "voice": "audio",
	"button": "button_reply", "list": "list_reply", "flow": "nfm_reply", "call_permission": "call_permission_reply"}

func adjustWhatsAppMessage(it item, e channels.Event, u channels.Update) {
	for _, key := range []string{"type", "interactive_kind"} {
		if word, ok := it[key].(string); ok && whatsAppWords[word] != "" {
			it[key] = whatsAppWords[word]
		}
	}
	if u.Message.Choice != nil && u.Message.Choice.Kind == "flow" {
		it["payload"] = u.Message.Choice.Data
	}
	if u.Message.Direction == channels.Out {
		it["peer_id"] = whatsAppName(e.Thread, u.Person)
	} else if u.Person != nil && u.Person.Identities[0].Kind == "bsuid" {
		it["sender_user_id"] = u.Person.Identities[0].Value
	}
}

func adjustWhatsAppSystem(it item, e channels.Event, u channels.Update) {
	switch u.System.Type {
	case "system":
		it["system_type"] = u.System.Detail
	case "error":
	default:
		whatsAppAccountEvent(it, e)
	}
}

// adjustWhatsAppHistory maps what happened before the channel was connected: the manifest has an event for each message of
// value.messages and one for all of value.history.
func adjustWhatsAppHistory(it item, e channels.Event) string {
	it["field"] = "history"
	if whatsAppValue(e).Has("history") {
		whatsAppAccountEvent(it, e)
	}
	it["type"] = "account_event"
	return "events"
}

// whatsAppAccountEvent makes an item what the manifest has once for a whole change: nothing but its account, field and time of sending.
func whatsAppAccountEvent(it item, e channels.Event) {
	it["type"], it["attachment_kinds"] = "account_event", []any{}
	for _, key := range []string{"external_id", "sender_id", "text", "reply_to", "timestamp_unix"} {
		it[key] = nil
	}
	if sent := whatsAppEntry(e).Time("time"); !sent.IsZero() {
		it["timestamp_unix"] = sent.Unix()
	}
	it["whole"] = it["field"]
}

func whatsAppEntry(e channels.Event) wire.Object {
	body, _ := wire.ParseObject(e.Raw)
	return body.Objects("entry")[0]
}

func whatsAppValue(e channels.Event) wire.Object {
	return whatsAppEntry(e).Objects("changes")[0].Object("value")
}
