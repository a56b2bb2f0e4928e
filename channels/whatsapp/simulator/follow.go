package simulator

import (
	"maps"
	"time"

	"omni/channels/simulate"
)

// Follow makes a status for each step of a message's way, each with what was attached to the message. Of a reaction there is only the first.
// Source: .../whatsapp/webhooks/reference/messages/status; .../whatsapp/messages/reaction-messages, "Limitations".
func (platform) Follow(d simulate.Delivery, at time.Time) []simulate.Event {
	events := []simulate.Event{fate(d, "sent", d.At)}
	if d.Content.Reaction != nil {
		return events
	}
	return append(events, fate(d, "delivered", at), fate(d, "read", at))
}

// fate is a status of a delivery. A message to a group has one for each member; here there is one member.
func fate(d simulate.Delivery, word string, at time.Time) simulate.Event {
	more := m{}
	if d.Handle != "" {
		more["biz_opaque_callback_data"] = d.Handle
	}
	if word != "read" {
		maps.Copy(more, pricing)
	}
	scene := simulate.Scene{At: at, Account: d.Account}
	if d.Thread == groupOf(d.Account) {
		s := newStage(scene)
		s.id = d.ID
		return s.groupStatus(word, more)
	}
	s := &stage{Scene: scene, id: d.ID, waID: d.Thread}
	if bsuidForm.MatchString(d.Thread) {
		s.waID, s.bsuid = "", d.Thread
	}
	return s.status(word, more)
}

var _ simulate.Follower = platform{}
