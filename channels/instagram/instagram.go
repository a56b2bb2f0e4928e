// Package instagram is the channel of Instagram's direct messages, of accounts linked to a Page and of those that log in with Instagram.
package instagram

import (
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
)

func init() { channels.Register(spec, open) }

var spec = channels.Spec{
	Name:    "instagram",
	Title:   "Instagram",
	Docs:    "https://developers.facebook.com/docs/instagram-platform/webhooks",
	Account: channels.AccountOptional,
	Secrets: []channels.Secret{
		{Name: graph.AppSecret, For: channels.ForVerify,
			Meaning: "What signs every webhook: the Meta app's secret (App Dashboard, App settings, Basic). " +
				"With Instagram Login enter a list of it and the Instagram app secret (App Dashboard, Instagram, API setup)."},
		{Name: graph.VerifyToken, For: channels.ForVerify,
			Meaning: "A word of your own that Meta sends back when you enter the callback URL: App Dashboard, Instagram, Webhooks."},
		{Name: graph.AccessToken, For: channels.ForSend,
			Meaning: "The linked Page's access token, or with Instagram Login the account's own: App Dashboard, Instagram, API setup."},
		{Name: graph.AppID, For: channels.ForSubscribe,
			Meaning: "The Meta app's id, a number: App Dashboard, App settings, Basic, App ID."},
	},
	Text: maxText,
	Media: []channels.MediaLimit{
		{Kind: channels.Image, MaxBytes: 8 << 20, Types: []string{"image/png", "image/jpeg"}},
		{Kind: channels.Audio, MaxBytes: maxFile, Types: []string{"audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav"}},
		{Kind: channels.Video, MaxBytes: maxFile,
			Types: []string{"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"}},
		{Kind: channels.Document, MaxBytes: maxFile, Types: []string{"application/pdf"}},
	},
	// Source: .../instagram-messaging/features/quick-replies; for the reaction see heart.
	Sends: channels.Abilities{
		Replies:   true,
		Choices:   &channels.ChoiceLimit{Options: 13, Text: maxText, Title: 20, ID: 1000},
		Reactions: &channels.ReactionLimit{Emojis: []string{heart}},
	},
	Window: graph.Window,
	// The overview of rate limits names 100 messages a second for an account, and Messenger's page 300: the lower one holds in any case. Of
	// sound and video it is 10. There is no Confirms: with Instagram Login a message takes no handle.
	// Source: .../docs/graph-api/overview/rate-limiting; .../messenger-platform/overview/rate-limiting.
	Rate:   100,
	Tag:    &channels.ReplyTag{Name: "HUMAN_AGENT", Window: 7 * 24 * time.Hour},
	Extras: []string{"generic template", "story replies", "story mentions", "echoes", "standby", "comments"},
}

const maxFile = 25 << 20

// maxText is the length of a text, with choices or without.
var maxText = channels.TextLimit{Max: 1000, Unit: channels.Bytes}

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
