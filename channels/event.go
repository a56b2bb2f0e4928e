package channels

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Event is one thing that happened on a platform, cut out of a webhook body by Parse and not yet understood.
type Event struct {
	// Kind decides where the event is kept and who is woken.
	Kind Kind `json:"kind"`

	// Account is the channel account: the platform's id of the business's side (phone number id, page id, Instagram id). Empty
	// where the body does not name it (Telegram); the credential account of the URL then stands for it.
	Account string `json:"account,omitempty"`

	// Thread is the platform's chat, stable over time: its events are processed one after the other. Empty for what belongs to no
	// chat (account events) and for a message so malformed that it names nobody.
	Thread string `json:"thread,omitempty"`

	// ID is unique among the events of one Kind of one channel account, and equal whenever the platform repeats the event. A
	// message's is the id that later events name it by ([Status.Target], [Message.ReplyTo]). Where the platform gives none, it is
	// made from what the event says ([HashID]). Never empty.
	ID string `json:"id"`

	// At is when it happened, by the platform's clock. Zero when the body does not say.
	At time.Time `json:"at,omitzero"`

	// History marks what happened before the channel was connected: it is kept, but it is not live traffic. Nobody is notified, no
	// conversation is opened again.
	History bool `json:"history,omitempty"`

	// Raw is the webhook body narrowed to this one event: everything Normalize needs, in the platform's own form and bytes.
	Raw []byte `json:"-"`
}

// Kind is the sort of an [Event].
type Kind string

// The kinds of events.
const (
	KindMessage  Kind = "message"  // something said in a chat, by either side
	KindStatus   Kind = "status"   // the fate of one message that was sent
	KindReaction Kind = "reaction" // a reaction to a message, or its removal
	KindEdit     Kind = "edit"     // new content of a message
	KindDelete   Kind = "delete"   // a message was taken back
	KindRead     Kind = "read"     // everything up to a time was delivered or read
	KindSystem   Kind = "system"   // anything else the platform documents: members, referrals, handovers, calls, account notices, errors
	KindUnknown  Kind = "unknown"  // what we do not know (yet): kept as it came, counted, shown to the operator
)

// Kinds lists every Kind.
var Kinds = []Kind{KindMessage, KindStatus, KindReaction, KindEdit, KindDelete, KindRead, KindSystem, KindUnknown}

// HashID makes an [Event.ID] for an event to which the platform gave none: the same parts give the same id, always.
func HashID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0}) // so that ("ab", "c") and ("a", "bc") differ
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)[:16])
}
