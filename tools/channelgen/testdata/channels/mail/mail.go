// Package mail is a channel that uses everything a spec can say.
package mail

import (
	"context"
	"errors"
	"time"

	"omni/channels"
)

func init() {
	channels.Register(channels.Spec{
		Name:    "mail",
		Title:   "Mail | Post",
		Docs:    "https://example.com/mail?a=1&b=2",
		Account: channels.AccountOptional,
		Secrets: []channels.Secret{
			{Name: "signing_key", Meaning: "The key under Settings | Webhooks.", For: channels.ForVerify},
			{Name: "token", Meaning: "The token of the sending account.", For: channels.ForSend},
			{Name: "box", Meaning: "The number of the post office box.", For: channels.ForSubscribe},
		},
		Text: channels.TextLimit{Max: 12345, Unit: channels.UTF16Units},
		Media: []channels.MediaLimit{
			{Kind: channels.Image, MaxBytes: 5 << 20, Types: []string{"image/jpeg", "image/png"}},
			{Kind: channels.Document, MaxBytes: 100e6},
		},
		Sends: channels.Abilities{
			Caption: channels.TextLimit{Max: 200, Unit: channels.Bytes}, Captioned: []channels.AttachmentKind{channels.Image, channels.Document},
			Places: true, Cards: true, Replies: true, Templates: true,
			Choices: &channels.ChoiceLimit{
				Options: 10, Text: channels.TextLimit{Max: 1024, Unit: channels.Characters}, Title: 24, Description: 72, ID: 200,
				Menu: 20,
			},
			Reactions: &channels.ReactionLimit{Emojis: []string{"👍", "❤️"}},
		},
		Window:   24 * time.Hour,
		Tag:      &channels.ReplyTag{Name: "HUMAN", Window: 7 * 24 * time.Hour},
		Rate:     2.5,
		Confirms: 90 * time.Second,
		Extras:   []string{"stamps", "folders"},
	}, open)
}

type channel struct{}

func open(channels.Env) (channels.Channel, error) { return &channel{}, nil }

func (*channel) Verify(*channels.Request) error                    { return errors.New("not signed") }
func (*channel) Handshake(*channels.Request) ([]byte, error)       { return nil, errors.New("not ours") }
func (*channel) Parse(*channels.Request) ([]channels.Event, error) { return nil, nil }
func (*channel) Normalize(channels.Event) (channels.Update, error) { return channels.Update{}, nil }

func (*channel) Subscriptions(context.Context) ([]channels.Subscription, error) { return nil, nil }
func (*channel) Subscribe(context.Context, channels.Callback) error             { return nil }
func (*channel) Unsubscribe(context.Context) error                              { return nil }

func (*channel) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}
