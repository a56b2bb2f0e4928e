// Package kiosk is a channel whose platform is this product.
package kiosk

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "kiosk",
		Title:   "Kiosk",
		Docs:    "https://example.com/kiosk",
		Account: channels.AccountOptional,
		Secrets: []channels.Secret{
			{Name: "key", Meaning: "The key of the kiosk.", For: channels.ForVerify},
			{Name: channels.OriginsSecret, Meaning: "Where kiosks stand.", For: channels.ForPages},
		},
		Text: channels.TextLimit{Max: 80, Unit: channels.Characters},
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

func (channel) AllowsOrigin(string) bool { return false }

func (channel) Admit(channels.Visit) (channels.Admission, error) {
	return channels.Admission{}, channels.ErrOrigin
}

func (channel) Visitor(*channels.Request) (channels.Visitor, error) {
	return channels.Visitor{}, errors.New("no visitor")
}

func (channel) GrantFile(channels.Visitor, channels.HostedFile) string { return "" }
