// Package deaf cannot normalize.
package deaf

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "deaf",
		Title:   "Deaf",
		Docs:    "https://example.com/deaf",
		Account: channels.AccountRequired,
		Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the deaf.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
	}, open)
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return channel{}, nil }

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }

func (channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
