// Package duo registers another channel too.
package duo

import (
	"context"
	"errors"

	"omni/channels"
)

func init() {
	for _, name := range []string{"duo", "trio"} {
		spec.Name = name
		channels.Register(spec, open)
	}
}

var spec = channels.Spec{
	Name:    "duo",
	Title:   "Duo",
	Docs:    "https://example.com/duo",
	Account: channels.AccountRequired,
	Secrets: []channels.Secret{{Name: "code", Meaning: "The code of the duo.", For: channels.ForVerify}},
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
