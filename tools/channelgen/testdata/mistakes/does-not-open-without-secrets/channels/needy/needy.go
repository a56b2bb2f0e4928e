// Package needy wants its secrets too early.
package needy

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "needy",
		Title:   "Needy",
		Docs:    "https://example.com/needy",
		Account: channels.AccountRequired,
		Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the needy.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
	}, open)
}

type channel struct{}

func open(env channels.Env) (channels.Channel, error) {
	if env.Secrets["code"] == nil {
		return nil, errors.New("secret code is missing")
	}
	return channel{}, nil
}

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }
func (channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }

func (channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
