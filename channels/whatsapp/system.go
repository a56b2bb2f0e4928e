package whatsapp

import (
	"cmp"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// systemMessage is a notice in a chat, mostly of a new phone number, which also makes a new BSUID.
func systemMessage(it item, u *channels.Update) *channels.System {
	o := it.fields.Object("system")
	s := &channels.System{Type: "system", Detail: o.String("type"), Text: o.String("body"), Payload: o.Object("identity").ID("hash")}
	if it.fields.Has("from") || it.fields.Has("from_user_id") {
		s.Actor = it.actor()
	}
	if s.Detail == "user_changed_number" || s.Detail == "user_changed_user_id" {
		renamed(it, u, s, party{bsuid: o.ID("user_id"), waID: o.ID("wa_id"), parent: o.ID("parent_user_id")})
	}
	return s
}

// idUpdate tells that a person has another BSUID from now on.
func idUpdate(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	s := &channels.System{Type: "identity", Detail: "user_id_update", Text: o.String("detail")}
	now := party{bsuid: o.Object("user_id").ID("current"), waID: it.who.waID, parent: o.Object("parent_user_id").ID("current")}
	renamed(it, u, s, now)
	return s
}

// renamed records under which ids a person is to be found from now on. A group keeps its name whoever in it has another.
func renamed(it item, u *channels.Update, s *channels.System, now party) {
	if now.main() == "" {
		return
	}
	before := it.who.identities()
	person := now.person()
	for _, id := range before {
		if !slices.Contains(person.Identities, id) {
			person.Identities = append(person.Identities, id)
		}
	}
	if u.Person != nil {
		person.Name, person.Username = u.Person.Name, u.Person.Username
		person.Phone = cmp.Or(person.Phone, u.Person.Phone)
	}
	u.Person = person
	if it.who.group != "" || now.main() == it.who.bsuid || now.main() == it.who.waID {
		return
	}
	s.Moved = now.main()
	for _, alias := range now.aliases() {
		if alias != it.Thread && !slices.Contains(u.Aliases, alias) {
			u.Aliases = append(u.Aliases, alias)
		}
	}
}

// call is a step of a phone call: connect or terminate. That a customer calls opens the reply window, whether anybody answers or not.
// Source: .../whatsapp/calling/pricing, "How calling changes the 24 hour customer service window".
func call(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	note(u, "direction", strings.ToLower(o.String("direction")))
	note(u, "status", strings.ToLower(o.String("status")))
	note(u, "duration", o.ID("duration"))
	if o.String("event") == "connect" && !it.out {
		u.Window = window
	}
	return &channels.System{Type: "call", Detail: o.String("event"), Actor: it.actor(), Target: o.ID("id"), Errors: readErrors(o)}
}

// callStatus is how far a call got that the business makes: ringing, accepted, rejected. A customer who accepts it opens the reply window.
func callStatus(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	if o.String("status") == "ACCEPTED" {
		u.Window = window
	}
	return &channels.System{Type: "call", Detail: strings.ToLower(o.String("status")), Target: o.ID("id"), Errors: readErrors(o)}
}

func group(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	note(u, "initiated_by", o.String("initiated_by"))
	note(u, "reason", o.String("reason"))
	target := o.FirstID("join_request_id", "request_id")
	return &channels.System{Type: "group", Detail: o.String("type"), Target: target, Errors: readErrors(o)}
}

// preference is a person's wish to get no more marketing messages, or to get them again.
func preference(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	note(u, "category", o.String("category"))
	return &channels.System{Type: "preference", Detail: o.String("value"), Actor: it.who.main(), Text: o.String("detail")}
}

func stateSync(it item, u *channels.Update) *channels.System {
	o := it.fields
	entry := o.Object("contact")
	note(u, "field", it.field)
	name := cmp.Or(entry.String("full_name"), entry.String("first_name"))
	return &channels.System{Type: "account", Detail: o.String("action"), Target: entry.ID("phone_number"), Text: name}
}

// failure is a complaint of the platform that concerns no single message.
func failure(it item, u *channels.Update) *channels.System {
	note(u, "field", it.field)
	s := &channels.System{Type: "error", Errors: readErrors(it.fields)}
	if len(s.Errors) > 0 {
		s.Text = s.Errors[0].Title
	}
	return s
}

// account is a notice about the account, one of its phone numbers or a template.
func account(it item, u *channels.Update) *channels.System {
	o := it.fields
	note(u, "field", it.field)
	note(u, "waba_id", it.waba)
	note(u, "template", o.String("message_template_name"))
	note(u, "phone_number", o.ID("display_phone_number"))
	if reason := o.String("reason"); reason != "NONE" {
		note(u, "reason", reason)
	}
	return &channels.System{Type: "account", Detail: eventName(o), Target: o.ID("message_template_id")}
}

// eventName finds the name of what happened, which each field of the webhooks has under another key.
func eventName(o wire.Object) string {
	for _, key := range []string{"event", "status", "decision", "new_category", "new_quality_score"} {
		if name := o.String(key); name != "" {
			return name
		}
	}
	return ""
}
