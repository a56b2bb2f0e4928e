// Package broken uses a name that does not exist.
package broken

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "broken",
		Title:   "Broken",
		Docs:    "https://example.com/broken",
		Account: channels.AccountRequired,
		Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the broken.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
	}, open)
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return channel{}, nil }

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return split(), nil }
func (channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }

func (channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
