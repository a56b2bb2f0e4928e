package simulator

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/roster"
	players "omni/tools/omni/simulate"
)

// channel is a channel that can be played, as the page sees it.
type channel struct {
	Name     string             `json:"name"`
	Title    string             `json:"title"`
	Accounts []account          `json:"accounts"`
	Text     channels.TextLimit `json:"text"`
	Kinds    []kind             `json:"kinds"`

	spec     channels.Spec
	platform simulate.Platform
}

// account is a credential account of a channel.
type account struct {
	Account    string `json:"account"`
	ExternalID string `json:"external_id"` // the channel account, as the platform names it

	secrets channels.Secrets
}

// kind is a kind of event that the platform's simulator can make.
type kind struct {
	Name    string `json:"name"`
	Text    bool   `json:"text"`    // says what one types
	Earlier bool   `json:"earlier"` // is about an earlier message
	Choice  bool   `json:"choice"`  // picks one of the choices under an earlier message
}

// readChannels finds the channels that can be played, with the accounts that they have secrets for.
func readChannels(ctx context.Context, secrets roster.Source) ([]channel, error) {
	all := []channel{}
	for _, name := range simulate.Channels() {
		spec, known := channels.Lookup(name)
		platform, _ := simulate.Lookup(name)
		accounts, err := secrets.Secrets(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("reading the secrets of %s: %w", name, err)
		}
		if !known || len(accounts) == 0 || channels.IsHosted(name) { // of a host, the demo site is where one is a customer
			continue
		}
		c := channel{Name: name, Title: spec.Title, Text: spec.Text, Kinds: kindsOf(platform), spec: spec, platform: platform}
		for _, name := range slices.Sorted(maps.Keys(accounts)) {
			c.Accounts = append(c.Accounts, account{Account: name, ExternalID: players.ChannelAccount(name), secrets: accounts[name]})
		}
		all = append(all, c)
	}
	return all, nil
}

// account finds an account; the first one if none is named.
func (c channel) account(name string) (account, bool) {
	for _, one := range c.Accounts {
		if one.Account == cmp.Or(name, c.Accounts[0].Account) {
			return one, true
		}
	}
	return account{}, false
}

// kind finds a kind of event.
func (c channel) kind(name string) (kind, bool) {
	i := slices.IndexFunc(c.Kinds, func(k kind) bool { return k.Name == name })
	if i < 0 {
		return kind{}, false
	}
	return c.Kinds[i], true
}

// textKind is the kind that every platform has: somebody says something.
const textKind = "text"

// marker is what nobody would make up.
const marker = "b7c1e0-marker"

// kindsOf finds out about every kind by trying it: whether it carries words, or what was picked, and whether it can do without an earlier message.
func kindsOf(platform simulate.Platform) []kind {
	scene := simulate.Scene{Rand: newRand(), At: time.Now(), Account: "100000000000000", Run: "probe"}
	first, err := platform.Event(textKind, scene)
	if err != nil {
		return nil
	}
	var all []kind
	for _, name := range platform.Kinds() {
		scene.Serial++
		scene.Earlier = nil
		_, err := platform.Event(name, scene)
		one := kind{Name: name, Earlier: err != nil}
		scene.Earlier = []string{first.Expect[0].ID}
		if _, err := platform.Event(name, scene); err != nil {
			continue
		}
		worded, pressing := scene, scene
		worded.Words, pressing.Pressed = marker, &channels.Option{ID: "1", Title: marker}
		one.Text, one.Choice = marked(platform, name, worded), marked(platform, name, pressing)
		all = append(all, one)
	}
	return all
}

// marked reports whether the marker of a scene reaches the webhook.
func marked(platform simulate.Platform, kind string, scene simulate.Scene) bool {
	event, err := platform.Event(kind, scene)
	return err == nil && bytes.Contains(platform.Webhooks([]simulate.Event{event})[0].Body, []byte(marker))
}
