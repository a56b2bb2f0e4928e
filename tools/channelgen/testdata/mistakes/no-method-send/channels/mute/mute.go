// Package mute cannot send.
package mute

import (
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "mute",
		Title:   "Mute",
		Docs:    "https://example.com/mute",
		Account: channels.AccountRequired,
		Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the mute.", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 80, Unit: channels.Characters},
	}, open)
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return channel{}, nil }

func (channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }
func (channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }
