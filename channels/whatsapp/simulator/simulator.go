// Package simulator plays WhatsApp: customers, with and without a visible phone number, and the webhooks that Meta sends about them.
package simulator

import (
	"fmt"
	"maps"
	"slices"

	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

func init() { simulate.Register("whatsapp", platform{}) }

// maxBatch is how many updates Meta puts into one webhook at most.
// Source: .../whatsapp/webhooks/create-webhook-endpoint, "Webhooks batching".
const maxBatch = 1000

// platform takes Sign from what Meta's products share.
type platform struct{ graphsim.Platform }

// m is a JSON object.
type m = graphsim.M

// update is a simulated event before it is packed: an element of a list of a value, or a value of its own.
type update struct {
	account string
	field   string
	list    string // the key of the list; empty: the element is the whole value
	element any
	contact m // the sender or receiver, for value.contacts; nil where Meta gives none
}

// maker makes one event of a kind.
type maker func(*stage) (simulate.Event, error)

// kinds are named as the platform names the type, prefixed where several things share a type.
func kinds() map[string]maker {
	all := messages()
	maps.Copy(all, changes())
	maps.Copy(all, statuses())
	maps.Copy(all, businessApp())
	maps.Copy(all, notices())
	return all
}

// Kinds names every kind that can be made, sorted.
func (platform) Kinds() []string { return slices.Sorted(maps.Keys(kinds())) }

// Event makes one event of the kind.
func (platform) Event(kind string, scene simulate.Scene) (simulate.Event, error) {
	play, ok := kinds()[kind]
	if !ok {
		return simulate.Event{}, fmt.Errorf("simulating WhatsApp: no such kind %q", kind)
	}
	event, err := play(newStage(scene))
	if err != nil {
		return simulate.Event{}, fmt.Errorf("simulating WhatsApp event %q: %w", kind, err)
	}
	return event, nil
}

// Webhooks packs as many events into one body as Meta allows: an entry for each account, a change for each list, in the given order.
func (platform) Webhooks(events []simulate.Event) []simulate.Webhook {
	var webhooks []simulate.Webhook
	for batch := range slices.Chunk(events, maxBatch) {
		body := graphsim.Encode(m{"object": "whatsapp_business_account", "entry": entries(batch)})
		webhooks = append(webhooks, simulate.NewWebhook(body, batch...))
	}
	return webhooks
}

func entries(batch []simulate.Event) []any {
	var all []any
	for _, run := range runs(batch, func(u update) any { return u.account }) {
		var changes []any
		for _, run := range runs(run, func(u update) any { return [2]string{u.field, u.list} }) {
			changes = append(changes, pack(run)...)
		}
		all = append(all, m{"id": wabaOf(run[0].Item.(update).account), "changes": changes})
	}
	return all
}

// runs cuts the events where what they have in common changes.
func runs(events []simulate.Event, common func(update) any) [][]simulate.Event {
	var all [][]simulate.Event
	for i, event := range events {
		if i == 0 || common(event.Item.(update)) != common(events[i-1].Item.(update)) {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], event)
	}
	return all
}

// pack makes one change of the elements of one list, or one each of values of their own.
func pack(run []simulate.Event) []any {
	first := run[0].Item.(update)
	var changes, elements []any
	var contacts []any
	seen := map[string]bool{}
	for _, event := range run {
		u := event.Item.(update)
		elements = append(elements, u.element)
		changes = append(changes, m{"field": u.field, "value": u.element})
		if name := fmt.Sprint(u.contact["wa_id"], u.contact["user_id"]); u.contact != nil && !seen[name] {
			contacts, seen[name] = append(contacts, u.contact), true
		}
	}
	if first.list == "" {
		return changes
	}
	value := m{"messaging_product": "whatsapp", "metadata": metadata(first.account), first.list: elements}
	if len(contacts) > 0 {
		value["contacts"] = contacts
	}
	return []any{m{"field": first.field, "value": value}}
}

func metadata(account string) m {
	return m{"phone_number_id": account, "display_phone_number": businessNumber(account)}
}

var (
	_ simulate.Platform = platform{}
	_ simulate.API      = platform{}
)
