package channels_test

import (
	"bytes"

	"omni/channels"
)

func init() { adjustments["messenger"] = adjustMessaging }

// adjustMessaging maps what Messenger and Instagram say onto the manifest's keys.
func adjustMessaging(group string, it item, e channels.Event, u channels.Update) string {
	if u.Standby {
		it["standby"] = true
	}
	switch {
	case u.Message != nil:
		if u.Message.Direction == channels.Out {
			it["peer_id"] = e.Thread
		}
	case u.Edit != nil, u.Delete != nil:
		it["external_id"] = nil // the manifest gives only messages and changes an id
	case u.System != nil && bytes.Contains(e.Raw, []byte(`"field":`)):
		adjustChange(it, u)
	case u.System != nil:
		it["text"] = nil // the manifest's text is what people wrote
	case e.Kind == channels.KindUnknown && u.Person != nil:
		it["sender_id"] = u.Person.Identities[0].Value
	}
	return group
}

// adjustChange maps what belongs to no chat: a comment, a mention, a story's numbers.
func adjustChange(it item, u channels.Update) {
	it["external_id"] = optional(u.System.Target)
	it["reply_to"] = optional(u.Extra["parent_id"])
	if u.Person != nil {
		it["username"] = u.Person.Username
	}
}
