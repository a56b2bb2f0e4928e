// Package simulator plays Telegram: people who write to a bot, in private chats, in groups and to a business that has connected it.
package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"omni/channels"
	"omni/channels/simulate"
)

func init() { simulate.Register("telegram", platform{}) }

type platform struct{}

// object is a JSON object.
type object map[string]any

// update is one event before it becomes a body.
type update struct {
	key    string // the member of the body that says what happened
	body   object
	expect []simulate.Expected
}

func (platform) Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

func (platform) Event(kind string, scene simulate.Scene) (simulate.Event, error) {
	makeOne, ok := kinds[kind]
	if !ok {
		return simulate.Event{}, fmt.Errorf("simulating Telegram: no kind %q", kind)
	}
	p := play{Scene: scene, number: number(scene.Run, scene.Serial)}
	u, err := makeOne(p)
	if err != nil {
		return simulate.Event{}, fmt.Errorf("simulating Telegram's %s: %w", kind, err)
	}
	item := object{"update_id": p.number}
	if u.key != "" {
		item[u.key] = u.body
	}
	return simulate.Event{Expect: u.expect, Item: item}, nil
}

// number is unique to an event of all runs: up to 4 million events in a run. It serves as update_id and as message_id.
func number(run string, serial int) int64 {
	h := fnv.New64a()
	h.Write([]byte(run))
	return int64(h.Sum64()>>34)<<22 + int64(serial)
}

// Webhooks makes one webhook of each event: Telegram never batches.
func (platform) Webhooks(events []simulate.Event) []simulate.Webhook {
	webhooks := make([]simulate.Webhook, len(events))
	for i, event := range events {
		body, err := json.Marshal(event.Item)
		if err != nil {
			panic(fmt.Sprintf("simulating Telegram: %v", err)) // maps of strings and numbers can be written
		}
		webhooks[i] = simulate.NewWebhook(body, event)
	}
	return webhooks
}

func (platform) Sign(w *simulate.Webhook, secrets channels.Secrets) {
	if tokens := secrets["secret_token"]; len(tokens) > 0 {
		w.Header.Set("X-Telegram-Bot-Api-Secret-Token", tokens[0])
	}
}

// maker makes one kind of event.
type maker func(play) (update, error)

// kinds are all kinds of event, by Telegram's name of the update or of what is in the message.
var kinds = allKinds()

func allKinds() map[string]maker {
	all := map[string]maker{}
	for name, content := range contents {
		all[name] = message(content)
	}
	for name, content := range services {
		all[name] = service(content)
	}
	maps.Copy(all, places)
	maps.Copy(all, changes)
	maps.Copy(all, others)
	return all
}

// play is a scene that is being played.
type play struct {
	simulate.Scene
	number int64
}

// earlier picks the message_id of an earlier message of the thread. When the customer wrote only elsewhere, it is a message that the bot
// has not seen: that happens to bots that were not there from the start.
func (p play) earlier(thread string) (json.Number, error) {
	var here, elsewhere []json.Number
	for _, id := range p.Earlier {
		where, number, _ := strings.Cut(id, "/")
		switch _, err := strconv.ParseInt(number, 10, 64); {
		case err != nil: // not a message that others can be about
		case where == thread:
			here = append(here, json.Number(number))
		default:
			elsewhere = append(elsewhere, json.Number(number))
		}
	}
	if len(here) == 0 {
		here = elsewhere
	}
	if len(here) == 0 {
		return "", errors.New("it is about an earlier message, and there is none")
	}
	return here[p.Rand.IntN(len(here))], nil
}

func expect(kind channels.Kind, thread, id string) []simulate.Expected {
	return []simulate.Expected{{Kind: kind, Thread: thread, ID: id}}
}

// expectUpdate is what is expected of an event that Telegram gives no id but the update's.
func (p play) expectUpdate(kind channels.Kind, thread string) []simulate.Expected {
	return expect(kind, thread, fmt.Sprintf("update/%d", p.number))
}

var _ simulate.Platform = platform{}
