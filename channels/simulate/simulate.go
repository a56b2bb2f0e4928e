// Package simulate is the contract of simulated platforms: who plays customers with signed webhooks so that a channel can be tried
// without an account at its platform.
//
// A channel's simulator is the package channels/<name>/simulator. `go generate ./...` links those that exist into gen/simulators; the
// Lambdas never link them.
package simulate

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"omni/channels"
)

// Platform plays the sending side of one platform.
type Platform interface {
	// Kinds names every kind of event that Event can make, in the platform's own words, sorted.
	Kinds() []string

	// Event makes one event of the kind. It draws all randomness from scene.Rand, so that a seed repeats a run.
	Event(kind string, scene Scene) (Event, error)

	// Webhooks packs events into webhooks as the platform would: as few as it can where it batches, one each where it does not.
	// They are not signed.
	Webhooks(events []Event) []Webhook

	// Sign puts onto w what proves that the platform sent it, by the secrets that the channel verifies with.
	Sign(w *Webhook, secrets channels.Secrets)
}

// Scene is where an event happens.
type Scene struct {
	Rand     *rand.Rand
	At       time.Time
	Account  string   // the channel account that the webhook is for, as the platform names it
	Customer Customer // who writes
	Serial   int      // number of the event in its run; distinct within it
	Run      string   // distinguishes this run from all others: ids made from (Run, Serial) never repeat
	Earlier  []string // Event.ID of earlier messages of this chat, oldest first; reactions, edits and deletes need one
	Words    string   // what the customer says, in kinds that have words of theirs; in a reaction, the emoji. Empty: something is made up
	// Pressed is which of the choices under the last of Earlier the customer picks, in kinds that tell of that. Nil: something is made up.
	Pressed *channels.Option
}

// Worded is the customer's words, or those that were made up for want of any.
func (s Scene) Worded(made string) string { return cmp.Or(s.Words, made) }

// Customer is a person who writes.
type Customer struct {
	Number int // 0, 1, 2, ...: the platform makes its own kind of id from it
	Name   string
}

// Event is one event that a platform is about to report.
type Event struct {
	// Expect is what ingest must store for it: kind, account, thread and id as the channel's Parse is documented to give them. A
	// platform event of which a channel makes several lists them all.
	Expect []Expected
	// Item is the event in the platform's JSON, ready to be packed by Webhooks.
	Item any
}

// Expected is one row that must be in the store after an accepted webhook.
type Expected struct {
	Kind    channels.Kind
	Account string
	Thread  string
	ID      string
}

// Webhook is one POST of a platform.
type Webhook struct {
	Header http.Header
	Body   []byte
	Events []Event // what the body reports
}

// NewWebhook returns a JSON webhook that reports the events.
func NewWebhook(body []byte, events ...Event) Webhook {
	return Webhook{Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Events: events}
}

var registry = struct {
	sync.RWMutex
	platforms map[string]Platform
}{platforms: map[string]Platform{}}

// Register adds the simulator of a channel. A simulator calls it once, from init; a second one of the same name panics.
func Register(channel string, p Platform) {
	registry.Lock()
	defer registry.Unlock()
	if _, taken := registry.platforms[channel]; taken {
		panic(fmt.Sprintf("simulate: %q is registered twice", channel))
	}
	registry.platforms[channel] = p
}

// Lookup returns the simulator of a channel.
func Lookup(channel string) (Platform, bool) {
	registry.RLock()
	defer registry.RUnlock()
	p, ok := registry.platforms[channel]
	return p, ok
}

// Channels names every channel that can be simulated, sorted.
func Channels() []string {
	registry.RLock()
	defer registry.RUnlock()
	names := make([]string, 0, len(registry.platforms))
	for name := range registry.platforms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
