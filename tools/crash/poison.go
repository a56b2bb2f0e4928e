package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
	servers "omni/tools/omni/platforms"
	"omni/tools/omni/simulate"
)

// poisonEvery is how often a body comes that no platform would send.
const poisonEvery = 700 * time.Millisecond

// poisoner sends bodies that are signed rightly and hold nonsense: what the platforms send, spoilt in a few places.
type poisoner struct {
	random  *rand.Rand
	run     string
	server  string
	secrets simulate.Secrets
	courier servers.Courier
	books   *books
	serial  int
}

// send sends poison until the context ends. What was begun is sent until it is taken.
func (p *poisoner) send(ctx context.Context) error {
	names := platforms.Channels()
	for pause(ctx, poisonEvery) == nil {
		if err := p.one(context.WithoutCancel(ctx), names[p.random.IntN(len(names))]); err != nil {
			return fmt.Errorf("sending poison: %w", err)
		}
	}
	return nil
}

func (p *poisoner) one(ctx context.Context, name string) error {
	spec, err := channels.Find(name)
	if err != nil {
		return err
	}
	accounts, err := p.secrets.Secrets(ctx, name)
	if err != nil {
		return err
	}
	account := accountIn(accounts)
	webhook := platforms.NewWebhook(p.body(name))
	platform, _ := platforms.Lookup(name)
	platform.Sign(&webhook, accounts[account])
	switch o := p.courier.Deliver(ctx, p.server+spec.WebhookPath(account), webhook); o.Status {
	case http.StatusOK:
		return p.books.poisoned(name, account, accounts[account], webhook)
	default:
		if explained(name, o.Status) {
			return nil
		}
		return fmt.Errorf("a body of %s that is signed rightly was answered with %s: %q", name, o, head(webhook.Body))
	}
}

// explained reports whether an answer tells the sender of nonsense why it is refused: it is too large, or says what a page's token does not allow.
func explained(channel string, status int) bool {
	return status == http.StatusRequestEntityTooLarge || status == http.StatusUnauthorized && channels.IsHosted(channel)
}

// accountIn is the credential account that webhooks of a channel are for: the default, else the only one.
func accountIn(accounts map[string]channels.Secrets) string {
	if _, ok := accounts[channels.DefaultAccount]; ok || len(accounts) == 0 {
		return channels.DefaultAccount
	}
	for name := range accounts {
		return name
	}
	return ""
}

// body makes a platform's webhook and spoils it.
func (p *poisoner) body(name string) []byte {
	platform, _ := platforms.Lookup(name)
	kinds := platform.Kinds()
	for {
		p.serial++
		event, err := platform.Event(kinds[p.random.IntN(len(kinds))], platforms.Scene{
			Rand: p.random, At: time.Now(), Account: "100200300400599", Customer: platforms.Customer{Number: poisonedCustomer, Name: "Mallory"},
			Serial: p.serial, Run: p.run, Earlier: []string{fmt.Sprint(p.run, p.serial)},
		})
		if err != nil {
			continue // it needs something that there is not
		}
		return spoil(p.random, platform.Webhooks([]platforms.Event{event})[0].Body)
	}
}

// poisonedCustomer is nobody's number else.
const poisonedCustomer = 5000

// head is how a body begins, for people.
func head(body []byte) []byte { return body[:min(len(body), 300)] }

// nonsense are JSON values of which hardly one belongs where it is put.
var nonsense = []string{
	`null`, `true`, `-1`, `0`, `1e999`, `12345678901234567890123456789`, strings.Repeat("9", 400), `""`, `"\u0000"`, `"a\u0000b"`, `"\ud800"`,
	"\"\xff\xfe\"", `"` + strings.Repeat("9", 3000) + `"`, `"` + strings.Repeat("x", 100_000) + `"`, `{}`, `[]`, `[[]]`, `[null]`, `[1, "2", {}]`,
	`{"id": "1", "id": "2"}`, `{"": ""}`, `"` + strings.Repeat(`\u202e`, 40) + `"`, `"1970-01-01T00:00:00Z"`, `99999999999999999`, `-99999999999999999`,
	strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), strings.Repeat(`{"a":`, 5_000) + "1" + strings.Repeat("}", 5_000),
}

// strangeBodies are those of nobody at all.
var strangeBodies = []string{
	``, ` `, `null`, `0`, `"x"`, `[]`, `{}`, `{"object": null}`, `{"entry": []}`, `{"update_id": "x"}`, "\xff\xfe{}", "\x00", `{"object": "page"`, `<xml/>`,
	strings.Repeat("[", 200_000), `{"object": "whatsapp_business_account", "entry": {"a": 1}}`, `{"object": "instagram", "entry": [[], 1, "x", null, {}]}`,
}

// spoil changes a body in one to three places, cuts it off, or puts something else in its place.
func spoil(random *rand.Rand, body []byte) []byte {
	switch random.IntN(10) {
	case 0:
		return []byte(strangeBodies[random.IntN(len(strangeBodies))])
	case 1:
		return body[:random.IntN(len(body))]
	}
	var content any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&content) != nil {
		return body
	}
	for range 1 + random.IntN(3) {
		if all := places(content, nil); len(all) > 0 {
			all[random.IntN(len(all))].spoil(random)
		}
	}
	return fill(content)
}

// spot is a member of an object or an element of an array.
type spot struct {
	object map[string]any
	name   string
	array  []any
	index  int
}

// places are all spots of a value, in an order that is always the same.
func places(value any, found []spot) []spot {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = places(v[name], append(found, spot{object: v, name: name}))
		}
	case []any:
		for i := range v {
			found = places(v[i], append(found, spot{array: v, index: i}))
		}
	}
	return found
}

// filler stands for a piece of nonsense until the body is written: some of it no encoder would write.
type filler string

// MarshalJSON implements [json.Marshaler].
func (f filler) MarshalJSON() ([]byte, error) { return json.Marshal("@@" + string(f) + "@@") }

func (s spot) spoil(random *rand.Rand) {
	put := filler(fmt.Sprint(random.IntN(len(nonsense))))
	if s.object == nil {
		s.array[s.index] = put
		return
	}
	switch random.IntN(4) {
	case 0:
		delete(s.object, s.name)
	case 1:
		s.object[s.name+"_of_tomorrow"] = s.object[s.name] // a kind that nobody knows
		delete(s.object, s.name)
	default:
		s.object[s.name] = put
	}
}

// fill writes a body with its nonsense.
func fill(content any) []byte {
	body, err := json.Marshal(content)
	if err != nil {
		panic(err) // it was JSON before
	}
	for n, value := range nonsense {
		body = bytes.ReplaceAll(body, fmt.Appendf(nil, `"@@%d@@"`, n), []byte(value))
	}
	return body
}
