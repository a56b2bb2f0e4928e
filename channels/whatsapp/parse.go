package whatsapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

const object = "whatsapp_business_account"

// Parse makes an event of each element of each list in the body.
func (channel) Parse(r *channels.Request) ([]channels.Event, error) {
	items, err := split(r.Body)
	if err != nil {
		return nil, err
	}
	events := make([]channels.Event, len(items))
	for i, it := range items {
		events[i] = it.Event
	}
	return events, nil
}

// split cuts a body into its items.
func split(raw []byte) ([]item, error) {
	body, ok := wire.ParseObject(raw)
	if !ok {
		return nil, errors.New("reading the webhook: the body is not a JSON object")
	}
	// A body without "object" is another product's unless it has the shape of ours.
	if found := body.String("object"); found != object && (body.Has("object") || !body.Has("entry")) {
		return nil, fmt.Errorf("reading the webhook: its object is %.60q, want %q", found, object)
	}
	p := place{body: members(body, func(key string) bool { return key != "entry" && wire.IsScalar(body[key]) })}
	if !body.Has("entry") {
		return nil, nil
	}
	entries, ok := wire.ParseArray(body["entry"])
	if !ok {
		return []item{p.unknown(wire.Narrow(with(p.body, "entry", body["entry"])...), body["entry"])}, nil
	}
	var items []item
	for _, entry := range entries {
		items = append(items, p.entryItems(entry)...)
	}
	return items, nil
}

func (p place) entryItems(raw json.RawMessage) []item {
	entry, ok := wire.ParseObject(raw)
	if !ok {
		return []item{p.unknown(p.aroundEntry(raw), raw)}
	}
	p.waba, p.sentAt = entry.ID("id"), entry.Time("time")
	changes, ok := wire.ParseArray(entry["changes"])
	if !ok { // "changed_fields" comes instead of "changes" while "Include Values" is off in the App Dashboard
		return []item{p.unknownEntry(raw, entry)}
	}
	p.entry = members(entry, func(key string) bool { return key != "changes" && wire.IsScalar(entry[key]) })
	var items []item
	for _, change := range changes {
		items = append(items, p.changeItems(change)...)
	}
	if rest := members(entry, func(key string) bool { return key != "changes" && !wire.IsScalar(entry[key]) }); len(rest) > 0 {
		narrowed := wire.Narrow(slices.Concat(p.entry, rest)...)
		again, _ := wire.ParseObject(narrowed)
		items = append(items, p.unknownEntry(narrowed, again))
	}
	return items
}

// unknownEntry leaves entry.time out of the id: a repeated webhook may have another.
func (p place) unknownEntry(raw json.RawMessage, entry wire.Object) item {
	return p.unknown(p.aroundEntry(raw), wire.Narrow(members(entry, func(key string) bool { return key != "time" })...))
}

func (p place) changeItems(raw json.RawMessage) []item {
	change, ok := wire.ParseObject(raw)
	if !ok {
		return []item{p.unknown(p.aroundChange(raw), raw)}
	}
	p.field = change.String("field")
	p.change = members(change, func(key string) bool { return key != "value" })
	value, ok := wire.ParseObject(change["value"])
	if ok {
		metadata := value.Object("metadata")
		p.account, p.business = metadata.ID("phone_number_id"), digits(metadata.ID("display_phone_number"))
	}
	switch {
	case ok && itemized(p.field, change.Has("field")):
		return p.valueItems(raw, value)
	case ok && accountFields[p.field]:
		return []item{p.accountEvent(raw, change["value"], value)}
	}
	return []item{p.unknown(p.aroundChange(raw), raw)}
}

// itemized reports whether a change of this field holds its events in lists. A change that names no field is taken for one.
func itemized(field string, named bool) bool {
	switch field {
	case "messages", "history", "smb_message_echoes", "calls", "user_id_update", "user_preferences", "smb_app_state_sync":
		return true
	case "":
		return !named
	}
	return strings.HasPrefix(field, "group_")
}

// accountFields are those whose value as a whole is one event.
var accountFields = map[string]bool{
	"account_alerts": true, "account_review_update": true, "account_update": true, "automatic_events": true,
	"business_capability_update": true, "business_username_update": true, "business_username_updates": true, "flows": true,
	"message_template_components_update": true, "message_template_quality_update": true, "message_template_status_update": true,
	"partner_solutions": true, "payment_configuration_update": true, "phone_number_name_update": true,
	"phone_number_quality_update": true, "security": true, "template_category_update": true,
}

// valueItems makes the items of every list that is known, and one unknown item of all objects and arrays that are not.
func (p place) valueItems(raw json.RawMessage, value wire.Object) []item {
	p.value = members(value, func(key string) bool {
		return key == "metadata" || !isList(key) && wire.IsScalar(value[key])
	})
	p.contacts = readContacts(value.List("contacts"))
	var items []item
	listed := map[string]bool{"metadata": true, "contacts": true}
	found := false
	for _, list := range lists {
		elements, ok := wire.ParseArray(value[list.key])
		if ok {
			items = append(items, list.split(&p, list.key, elements)...)
			found = true
		}
		listed[list.key] = ok || !value.Has(list.key)
	}
	rest := members(value, func(key string) bool { return !listed[key] && (isList(key) || !wire.IsScalar(value[key])) })
	switch {
	case len(rest) > 0:
		items = append(items, p.unknown(p.around(rest...), wire.Narrow(rest...)))
	case !found:
		items = append(items, p.unknown(p.aroundChange(raw), raw))
	}
	return items
}
