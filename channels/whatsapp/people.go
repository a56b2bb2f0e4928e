package whatsapp

import (
	"cmp"
	"encoding/json"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// party is the customer of an item, under every name that the body has for them. Since usernames came, a phone number may be missing
// and the business-scoped user id (BSUID) is what is always there; older events and failed sends know only the number.
type party struct {
	group    string // the group that it happened in
	bsuid    string
	waID     string // mostly a phone number without +
	parent   string // BSUID across linked business portfolios
	username string
	contact  *contact // the entry of value.contacts that describes them
}

// thread is the platform's chat.
func (w party) thread() string { return cmp.Or(w.group, w.main()) }

// main is the id that we know the person by.
func (w party) main() string { return cmp.Or(w.bsuid, w.waID) }

// aliases are the other names of the thread. The parent BSUID is none: chats with several numbers of a business share it.
func (w party) aliases() []string {
	if w.group != "" || w.bsuid == "" || w.waID == "" {
		return nil
	}
	return []string{w.waID}
}

func (w party) identities() []channels.Identity {
	var ids []channels.Identity
	for _, id := range []channels.Identity{{Kind: "bsuid", Value: w.bsuid}, {Kind: "wa_id", Value: w.waID},
		{Kind: "parent_bsuid", Value: w.parent}} {
		if id.Value != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (w party) person() *channels.Person {
	ids := w.identities()
	if len(ids) == 0 {
		return nil
	}
	person := &channels.Person{Identities: ids, Username: w.username}
	if digits(w.waID) == w.waID && w.waID != "" {
		person.Phone = "+" + w.waID
	}
	if w.contact != nil {
		profile := w.contact.fields.Object("profile")
		person.Name = profile.String("name")
		person.Username = cmp.Or(profile.String("username"), person.Username)
	}
	person.Username = strings.TrimPrefix(person.Username, "@")
	return person
}

// party completes what an item says of a person by the contacts of its value. An item that says nothing is about the only contact: a
// shared contact card may come without a sender.
func (p *place) party(waID, bsuid, parent string) party {
	w := party{waID: waID, bsuid: bsuid, parent: parent, contact: p.contacts.find(bsuid, waID, parent)}
	if waID == "" && bsuid == "" && parent == "" {
		w.contact = p.contacts.only()
	}
	if w.contact != nil {
		w.bsuid = cmp.Or(w.bsuid, w.contact.fields.ID("user_id"))
		w.waID = cmp.Or(w.waID, w.contact.fields.ID("wa_id"))
		w.parent = cmp.Or(w.parent, w.contact.fields.ID("parent_user_id"))
	}
	if isBSUID(w.waID) { // seen in "from" and "wa_id"
		w.bsuid, w.waID = cmp.Or(w.bsuid, w.waID), ""
	}
	return w
}

func (p *place) sender(o wire.Object) party {
	w := p.party(o.ID("from"), o.ID("from_user_id"), o.ID("from_parent_user_id"))
	w.group = o.ID("group_id")
	return w
}

func (p *place) receiver(o wire.Object) party {
	w := p.party(o.ID("to"), o.ID("to_user_id"), o.ID("to_parent_user_id"))
	w.group = o.ID("group_id")
	return w
}

// partner is the customer of a message in a history thread, which is named by their number.
func (p *place) partner(o wire.Object, out bool, thread wire.Object) party {
	if out {
		return p.party(cmp.Or(thread.ID("id"), o.ID("to")), cmp.Or(thread.ID("user_id"), o.ID("to_user_id")), o.ID("to_parent_user_id"))
	}
	return p.party(cmp.Or(thread.ID("id"), o.ID("from")), cmp.Or(thread.ID("user_id"), o.ID("from_user_id")), o.ID("from_parent_user_id"))
}

// recipient is whom a status is about. Meta's samples disagree on the name of the parent BSUID.
func (p *place) recipient(o wire.Object) party {
	if o.String("recipient_type") == "group" || o.Has("recipient_participant_id") || o.Has("recipient_participant_user_id") {
		w := p.party(o.ID("recipient_participant_id"), o.ID("recipient_participant_user_id"), o.ID("recipient_participant_parent_user_id"))
		w.group = o.ID("recipient_id")
		return w
	}
	parent := o.FirstID("parent_recipient_user_id", "recipient_parent_user_id", "parent_user_id")
	return p.party(o.ID("recipient_id"), o.ID("recipient_user_id"), parent)
}

// groupMember is the one person that an event of a group is about, if it is one.
func (p *place) groupMember(o wire.Object) party {
	about := o
	for _, key := range []string{"added_participants", "removed_participants"} {
		if members := o.Objects(key); len(members) == 1 {
			about = members[0]
		}
	}
	w := p.party(about.ID("wa_id"), about.ID("user_id"), about.ID("parent_user_id"))
	w.group, w.username = o.ID("group_id"), about.String("username")
	return w
}

// isBusiness reports whether an id is the phone number that the webhook is for.
func (p *place) isBusiness(id string) bool { return p.business != "" && digits(id) == p.business }

// contacts are the value.contacts of a change.
type contacts struct {
	list []contact
	byID map[string]int
}

type contact struct {
	raw    json.RawMessage
	fields wire.Object
}

func readContacts(list []json.RawMessage) contacts {
	c := contacts{byID: map[string]int{}}
	for _, raw := range list {
		fields, ok := wire.ParseObject(raw)
		if !ok {
			continue
		}
		for _, key := range []string{"user_id", "wa_id", "parent_user_id"} {
			id := fields.ID(key)
			if _, taken := c.byID[id]; !taken && id != "" {
				c.byID[id] = len(c.list)
			}
		}
		c.list = append(c.list, contact{raw, fields})
	}
	return c
}

// find returns the contact that has the first of these ids that any has.
func (c contacts) find(ids ...string) *contact {
	for _, id := range ids {
		if i, ok := c.byID[id]; ok {
			return &c.list[i]
		}
	}
	return nil
}

func (c contacts) only() *contact {
	if len(c.list) != 1 {
		return nil
	}
	return &c.list[0]
}

// isBSUID recognizes the form of a BSUID: a country in two capitals, a dot, and what is opaque to us.
func isBSUID(id string) bool {
	return len(id) > 3 && id[2] == '.' && isCapital(id[0]) && isCapital(id[1])
}

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }

// digits drops everything else: Meta writes the same phone number as 15550783881 and as +1 555 078 3881.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
