package whatsapp

import (
	"fmt"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Normalize reads the one item of the event's Raw.
func (channel) Normalize(e channels.Event) (channels.Update, error) {
	items, err := split(e.Raw)
	if err != nil {
		return channels.Update{}, err
	}
	if len(items) != 1 || items[0].Kind != e.Kind {
		return channels.Update{}, fmt.Errorf("reading the raw event: want one of kind %s, found %s", e.Kind, kindsOf(items))
	}
	it := items[0]
	u := channels.Update{Person: it.who.person(), Aliases: it.who.aliases(), Group: it.group()}
	note(&u, "group_id", it.who.group)
	switch e.Kind {
	case channels.KindMessage:
		u.Message = it.content(it.fields, &u)
	case channels.KindStatus:
		u.Status = it.status()
	case channels.KindReaction:
		u.Reaction = it.reaction()
		if len(u.Reaction.Emojis) > 0 && !it.out && !it.History {
			u.Window = window // to WhatsApp a reaction is a message like any other
		}
	case channels.KindEdit:
		u.Edit = it.edit(&u)
	case channels.KindDelete:
		target := it.fields.Object("revoke").ID("original_message_id")
		u.Delete = &channels.Delete{Target: target, Direction: it.direction(), Actor: it.actor()}
	case channels.KindSystem:
		u.System = it.system(it, &u)
	case channels.KindUnknown:
		note(&u, "field", it.field)
	}
	return u, nil
}

// edit reads new content of a message: what its sender made of it, or the file that was missing in the history.
func (it item) edit(u *channels.Update) *channels.Edit {
	edit := it.fields.Object("edit")
	if edit == nil {
		return &channels.Edit{Target: it.fields.ID("id"), Content: it.content(it.fields, u), Late: true}
	}
	return &channels.Edit{Target: edit.ID("original_message_id"), Content: it.content(edit.Object("message"), u)}
}

// group is the group that the item happened in. Only the event that it was made tells its subject.
func (it item) group() *channels.Group {
	if it.who.group == "" {
		return nil
	}
	return &channels.Group{Kind: "group", Title: it.fields.String("subject")}
}

func kindsOf(items []item) string {
	kinds := make([]string, len(items))
	for i, it := range items {
		kinds[i] = string(it.Kind)
	}
	return "[" + strings.Join(kinds, " ") + "]"
}

func (it item) direction() channels.Direction {
	if it.out {
		return channels.Out
	}
	return channels.In
}

// actor is who did it: the business's own number when it was the business.
func (it item) actor() string {
	if it.out {
		return it.fields.ID("from")
	}
	return it.who.main()
}

func (it item) status() *channels.Status {
	o := it.fields
	s := &channels.Status{
		Target:    o.ID("id"),
		State:     channels.DeliveryState(o.String("status")),
		Recipient: it.who.main(),
		Errors:    explained(readErrors(o)),
		Handle:    o.String("biz_opaque_callback_data"),
	}
	if s.Recipient == "" {
		s.Recipient = it.who.group
	}
	if past := o.Object("history_context").String("status"); past != "" {
		s.State = pastState(past)
	}
	if pricing := o.Object("pricing"); pricing != nil {
		s.Price = &channels.Price{Billable: pricing.Bool("billable"), Model: pricing.String("pricing_model"),
			Category: pricing.String("category")}
	}
	return s
}

// pastState reads the words of the history, which are those of the statuses in capitals, but for the failure.
func pastState(word string) channels.DeliveryState {
	if word == "ERROR" {
		return channels.Failed
	}
	return channels.DeliveryState(strings.ToLower(word))
}

// reaction without an emoji, or with an empty one, is a removal.
func (it item) reaction() *channels.Reaction {
	reaction := it.fields.Object("reaction")
	r := &channels.Reaction{Target: reaction.ID("message_id"), Actor: it.actor(), Emojis: []string{}}
	if emoji := reaction.String("emoji"); emoji != "" {
		r.Emojis = append(r.Emojis, emoji)
	}
	return r
}

// explained says what errors mean, as far as that is known: those of a status are the ones with which a send is refused.
func explained(all []channels.Error) []channels.Error {
	for i := range all {
		all[i].Reason = reasons[all[i].Code]
	}
	return all
}

// readErrors reads o.errors. The details moved into error_data with version 16 of the API.
func readErrors(o wire.Object) []channels.Error {
	var errs []channels.Error
	for _, e := range o.Objects("errors") {
		code, _ := e.Int("code")
		complaint := channels.Error{Code: int(code), Title: e.String("title"), Detail: e.Object("error_data").String("details")}
		if complaint.Detail == "" {
			complaint.Detail = e.String("details")
		}
		if message := e.String("message"); complaint.Title == "" {
			complaint.Title = message
		} else if complaint.Detail == "" && message != complaint.Title {
			complaint.Detail = message
		}
		errs = append(errs, complaint)
	}
	return errs
}

// note keeps a fact that has no word of ours.
func note(u *channels.Update, key, value string) {
	if value == "" {
		return
	}
	if u.Extra == nil {
		u.Extra = map[string]string{}
	}
	u.Extra[key] = value
}
