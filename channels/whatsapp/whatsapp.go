// Package whatsapp is the channel of the WhatsApp Business Platform (Cloud API).
//
// One webhook body holds up to a thousand things in entry[].changes[].value, in a list for each sort: messages, statuses,
// message_echoes, history, calls and so on. Parse (parse.go) walks down to these lists and makes an event of each element (items.go,
// history.go); who the customer is and which chat that makes is decided in people.go. Normalize (normalize.go and what it calls)
// says what one of them means.
package whatsapp

import (
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
)

func init() { channels.Register(spec, open) }

// window is how long free-form answers are allowed.
// Source: .../whatsapp/messages/send-messages, "Customer service windows".
const window = 24 * time.Hour

const (
	kb = 1 << 10
	mb = 1 << 20
)

// Source: .../whatsapp/business-phone-numbers/media, "Supported media types".
var media = []channels.MediaLimit{
	{Kind: channels.Image, MaxBytes: 5 * mb, Types: []string{"image/jpeg", "image/png"}},
	{Kind: channels.Audio, MaxBytes: 16 * mb, Types: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
	{Kind: channels.Voice, MaxBytes: 16 * mb, Types: []string{"audio/ogg"}}, // in Opus
	{Kind: channels.Video, MaxBytes: 16 * mb, Types: []string{"video/mp4", "video/3gpp"}},
	{Kind: channels.Document, MaxBytes: 100 * mb},
	{Kind: channels.Sticker, MaxBytes: 500 * kb, Types: []string{"image/webp"}}, // animated; one that stands still only 100 KB
}

var spec = channels.Spec{
	Name:    "whatsapp",
	Title:   "WhatsApp",
	Docs:    "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview",
	Account: channels.AccountOptional,
	Secrets: []channels.Secret{
		{Name: graph.AppSecret, For: channels.ForVerify,
			Meaning: "The Meta app's secret, which signs webhooks: App Dashboard, App settings, Basic, App secret."},
		{Name: graph.VerifyToken, For: channels.ForVerify,
			Meaning: "A random text of your own, entered beside the callback URL in the App Dashboard (WhatsApp, Configuration)."},
		{Name: graph.AccessToken, For: channels.ForSend,
			Meaning: "A system user's token with whatsapp_business_messaging, and whatsapp_business_management to register the webhook: " +
				"Business settings, System users, Generate token."},
		{Name: graph.AppID, For: channels.ForSubscribe,
			Meaning: "The Meta app's id, a number: App Dashboard, App settings, Basic, App ID."},
		{Name: wabaID, For: channels.ForSubscribe,
			Meaning: "The WhatsApp Business Account's id, a number, which lists its templates too: App Dashboard, WhatsApp, API setup."},
	},
	Text:   channels.TextLimit{Max: 4096, Unit: channels.Characters},
	Media:  media,
	Sends:  sends,
	Window: window,
	// Of one number, with what customers write to it; Meta raises it for large ones. Source: .../whatsapp/throughput.
	Rate: 80,
	// The first status, which carries the handle, follows within seconds; the rest is for a webhook that Meta has to repeat.
	Confirms: 2 * time.Minute,
	Extras: []string{"templates", "reactions", "buttons and lists", "flows", "catalogue and orders", "contact cards", "locations",
		"groups", "calls", "read receipts and typing", "replies from the WhatsApp Business app"},
}

// channel takes Verify and Handshake from Meta's credentials.
type channel struct {
	graph.Credentials
	env channels.Env
}

func open(env channels.Env) (channels.Channel, error) {
	return channel{graph.NewCredentials(env.Secrets), env}, nil
}

var (
	_ channels.Channel    = channel{}
	_ channels.Handshaker = channel{}
)
