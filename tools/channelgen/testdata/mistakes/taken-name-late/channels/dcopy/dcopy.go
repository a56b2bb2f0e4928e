// Package dcopy is a copy of cash that kept its name.
package dcopy

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "cash",
		Title:   "Dcopy",
		Docs:    "https://example.com/dcopy",
		Account: channels.AccountRequired,
		Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the dcopy.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
	}, open)
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return channel{}, nil }

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }
func (channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }

func (channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
