// Package messenger is the channel of Facebook Messenger: the chats of a Facebook Page.
package messenger

import (
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
)

func init() { channels.Register(spec, open) }

var spec = channels.Spec{
	Name:    "messenger",
	Title:   "Messenger",
	Docs:    "https://developers.facebook.com/docs/messenger-platform/webhooks",
	Account: channels.AccountOptional,
	Secrets: []channels.Secret{
		{Name: graph.AppSecret, For: channels.ForVerify,
			Meaning: "The Meta app's secret, which signs every webhook: App Dashboard, App settings, Basic, App secret."},
		{Name: graph.VerifyToken, For: channels.ForVerify,
			Meaning: "A word of your own that Meta sends back when you enter the callback URL: App Dashboard, Messenger, Webhooks."},
		{Name: graph.AccessToken, For: channels.ForSend,
			Meaning: "The Page's access token, with pages_messaging: App Dashboard, Messenger, Access tokens."},
		{Name: graph.AppID, For: channels.ForSubscribe,
			Meaning: "The Meta app's id, a number: App Dashboard, App settings, Basic, App ID."},
	},
	Text: maxText,
	Media: []channels.MediaLimit{
		{Kind: channels.Image, MaxBytes: maxFile},
		{Kind: channels.Video, MaxBytes: maxFile},
		{Kind: channels.Audio, MaxBytes: maxFile},
		{Kind: channels.Document, MaxBytes: maxFile},
	},
	// Source: .../messenger-platform/send-messages/quick-replies and /sender-actions.
	Sends: channels.Abilities{
		Replies:   true,
		Choices:   &channels.ChoiceLimit{Options: 13, Text: maxText, Title: 20, ID: 1000},
		Reactions: &channels.ReactionLimit{},
	},
	Window: graph.Window,
	// A Page may send 300 messages a second, of which 10 are sound or video, but above 40 its inbox in Meta's own tools stops, which whoever
	// works there would not know. Source: .../messenger-platform/overview/rate-limiting.
	Rate: 40,
	// The echo, which carries the handle, follows within seconds; the rest is for a webhook that Meta has to repeat.
	Confirms: 2 * time.Minute,
	Tag:      &channels.ReplyTag{Name: "HUMAN_AGENT", Window: 7 * 24 * time.Hour},
	Extras:   []string{"templates", "typing indicator", "echoes", "standby"},
}

const maxFile = 25 << 20

// maxText is the length of a text, with choices or without.
var maxText = channels.TextLimit{Max: 2000, Unit: channels.Characters}

func open(env channels.Env) (channels.Channel, error) {
	return &channel{credentials: graph.NewCredentials(env.Secrets), env: env}, nil
}

type channel struct {
	credentials graph.Credentials
	env         channels.Env
}

// Verify checks Meta's signature of the body.
func (c *channel) Verify(r *channels.Request) error { return c.credentials.Verify(r) }

// Handshake answers Meta's check of the callback URL.
func (c *channel) Handshake(r *channels.Request) ([]byte, error) { return c.credentials.Handshake(r) }

var (
	_ channels.Channel    = (*channel)(nil)
	_ channels.Handshaker = (*channel)(nil)
)
