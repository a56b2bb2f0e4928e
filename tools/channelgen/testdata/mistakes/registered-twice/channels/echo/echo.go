// Package echo registers itself twice.
package echo

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(spec, open)
	channels.Register(spec, open)
}

var spec = channels.Spec{
	Name:    "echo",
	Title:   "Echo",
	Docs:    "https://example.com/echo",
	Account: channels.AccountRequired,
	Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the echo.", For: channels.ForVerify}},
	Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return channel{}, nil }

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }
func (channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }

func (channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
