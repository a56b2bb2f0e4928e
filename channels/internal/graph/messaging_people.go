package graph

import (
	"omni/channels"
	"omni/channels/internal/wire"
)

// party is one side of a messaging item: a scoped id, or the reference of a web page's visitor who is not known by an id yet.
type party struct{ id, ref string }

func readParty(item wire.Object, key string) party {
	o := item.Object(key)
	return party{id: o.ID("id"), ref: o.ID("user_ref")}
}

// name is what the item calls the party.
func (p party) name() string {
	if p.id != "" {
		return p.id
	}
	return p.ref
}

// people are who a messaging item is between. The person is the customer: the sender, or the recipient of what the business did.
type people struct {
	sender, person party
	out            bool // the business did it
}

func readPeople(p Piece) people {
	sender, recipient := readParty(p.Value, "sender"), readParty(p.Value, "recipient")
	fromUs := sender.id != "" && sender.id == p.Account && recipient.name() != "" && recipient.id != p.Account
	if fromUs || p.Value.Object("message").Bool("is_echo") {
		return people{sender: sender, person: recipient, out: true}
	}
	if sender.ref == "" {
		sender.ref = visitor(p.Value)
	}
	return people{sender: sender, person: sender}
}

// visitor is the user_ref by which the checkbox plugin knew the sender before: its opt-in has no sender, and the first message after it
// says whose it was.
func visitor(item wire.Object) string {
	if prior := item.Object("prior_message"); prior.String("source") == "checkbox_plugin" {
		return prior.ID("identifier")
	}
	return item.Object("optin").ID("user_ref")
}

func (w people) thread() string { return w.person.name() }

func (w people) direction() channels.Direction {
	if w.out {
		return channels.Out
	}
	return channels.In
}

// identities is the person under the given kind of scoped id, or nil when the item names nobody.
func (w people) identities(kind string) *channels.Person {
	var known []channels.Identity
	if w.person.id != "" {
		known = append(known, channels.Identity{Kind: kind, Value: w.person.id})
	}
	if w.person.ref != "" {
		known = append(known, channels.Identity{Kind: "user_ref", Value: w.person.ref})
	}
	if known == nil {
		return nil
	}
	return &channels.Person{Identities: known}
}

// aliases are the names of the chat besides its thread.
func (w people) aliases() []string {
	if w.person.id == "" || w.person.ref == "" || w.person.ref == w.person.id {
		return nil
	}
	return []string{w.person.ref}
}
