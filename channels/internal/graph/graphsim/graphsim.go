// Package graphsim is what the simulators of Messenger and Instagram share: a stage on which a customer writes, and Meta's way of
// packing, escaping and signing what comes of it.
package graphsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"omni/channels"
	"omni/channels/internal/graph"
	"omni/channels/simulate"
)

// maxBatch is how many updates Meta puts into one webhook at most.
// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started.
const maxBatch = 1000

// M is a JSON object.
type M = map[string]any

// Maker makes one event of a kind.
type Maker func(*Stage) (simulate.Event, error)

// Platform plays one of Meta's messaging products.
type Platform struct {
	Object   string           // of the webhook body: page, instagram
	Mid      func(IDs) string // makes a message id
	Makers   map[string]Maker // by kind
	Receipts []Maker          // what is reported of a message that the customer gets and reads, after its echo, by [Stage.Mid]
}

// Kinds names every kind that can be made, sorted.
func (p Platform) Kinds() []string { return slices.Sorted(maps.Keys(p.Makers)) }

// Event makes one event of the kind.
func (p Platform) Event(kind string, scene simulate.Scene) (simulate.Event, error) {
	maker, ok := p.Makers[kind]
	if !ok {
		return simulate.Event{}, fmt.Errorf("simulating %s: no such kind %q", p.Object, kind)
	}
	event, err := maker(newStage(scene, p.Mid))
	if err != nil {
		return simulate.Event{}, fmt.Errorf("simulating %s event %q: %w", p.Object, kind, err)
	}
	return event, nil
}

// Webhooks packs one entry for each event, as many as Meta allows into one body.
func (p Platform) Webhooks(events []simulate.Event) []simulate.Webhook {
	var webhooks []simulate.Webhook
	for batch := range slices.Chunk(events, maxBatch) {
		entries := make([]any, len(batch))
		for i, event := range batch {
			entries[i] = event.Item
		}
		webhooks = append(webhooks, simulate.NewWebhook(Encode(M{"object": p.Object, "entry": entries}), batch...))
	}
	return webhooks
}

// Sign puts Meta's signature onto the webhook, by the first app secret.
func (p Platform) Sign(w *simulate.Webhook, secrets channels.Secrets) {
	var secret string
	if values := secrets[graph.AppSecret]; len(values) > 0 {
		secret = values[0]
	}
	header, value := graph.Sign(w.Body, secret)
	w.Header.Set(header, value)
}

// Encode writes JSON as Meta does: compact, everything beyond ASCII as \u escapes in lower case, slashes escaped.
// Source: developers.facebook.com/docs/messenger-platform/webhooks, "Validate payloads".
func Encode(v any) []byte {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("graphsim: a simulated event is no JSON: " + err.Error()) // only maps, slices, strings and numbers are made here
	}
	var escaped bytes.Buffer
	for _, r := range string(bytes.TrimSpace(plain.Bytes())) {
		writeEscaped(&escaped, r)
	}
	return escaped.Bytes()
}

func writeEscaped(b *bytes.Buffer, r rune) {
	switch {
	case r == '/':
		b.WriteString(`\/`)
	case r < 0x80:
		b.WriteByte(byte(r))
	case r < 0x10000:
		fmt.Fprintf(b, `\u%04x`, r)
	default:
		r -= 0x10000
		fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
}

var (
	_ simulate.Platform = Platform{}
	_ simulate.API      = Platform{}
	_ simulate.Follower = Platform{}
)
