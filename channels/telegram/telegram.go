// Package telegram receives what happens to a Telegram bot and answers for it: messages of private chats, groups and channels, and of the
// accounts of businesses that have connected the bot.
//
// A webhook body is one Update: an object of update_id and one member that says what happened. Three things shape this package.
//
// The body never names the bot. Whose it is follows from the URL (each bot has its own) and from the secret token, so [channels.Event]
// has no account.
//
// A message_id is unique only within its chat, and a business account's chat can have the same chat id as the bot's own. So a message
// is known by "<thread>/<message_id>", in events and wherever one refers to another message. The thread is "<chat id>",
// "<business connection id>:<chat id>" or "guest:<chat id>", never the forum topic, which comes and goes within a chat.
//
// There is no signature: the secret token comes in a header as it is.
package telegram

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"

	"omni/channels"
)

func init() { channels.Register(spec, open) }

var spec = channels.Spec{
	Name:    "telegram",
	Title:   "Telegram",
	Docs:    "https://core.telegram.org/bots/api#getting-updates",
	Account: channels.AccountRequired,
	Secrets: []channels.Secret{
		{Name: secretToken, For: channels.ForVerify,
			Meaning: "1 to 256 characters of A-Z a-z 0-9 _ - that you make up for this bot; Telegram repeats what setWebhook was given."},
		{Name: botToken, For: channels.ForSend,
			Meaning: "The bot's token as @BotFather shows it, like 110201543:AAHdqTcv."},
	},
	// "length in utf8 codepoints" (core.telegram.org/constructor/config, message_length_max); markup does not count.
	Text: channels.TextLimit{Max: 4096, Unit: channels.Characters},
	Media: []channels.MediaLimit{
		{Kind: channels.Image, MaxBytes: 10 << 20},
		{Kind: channels.Video, MaxBytes: upload, Types: []string{"video/mp4"}},
		{Kind: channels.Audio, MaxBytes: upload, Types: []string{"audio/mpeg", "audio/mp4", "audio/x-m4a"}},
		{Kind: channels.Voice, MaxBytes: upload, Types: []string{"audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a"}},
		{Kind: channels.Animation, MaxBytes: upload, Types: []string{"image/gif", "video/mp4"}},
		{Kind: channels.VideoNote, MaxBytes: upload, Types: []string{"video/mp4"}},
		{Kind: channels.Document, MaxBytes: upload},
		// Larger ones arrive as documents (core.telegram.org/stickers).
		{Kind: channels.Sticker, MaxBytes: 512 << 10, Types: []string{"image/webp"}},
	},
	Sends: sends,
	// One a second into one chat, 20 a minute into a group; what is more gets 429 with the time to wait. Source: core.telegram.org/bots/faq.
	Rate: 30,
	Extras: []string{"inline buttons", "reactions", "edits", "albums", "forum topics", "business accounts", "typing",
		"read marks of business accounts"},
}

// upload is the largest file that a bot may upload, photos apart.
const upload = 50 << 20

const (
	secretToken  = "secret_token"
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
)

// tokenForm is what setWebhook accepts: any other secret token could never match.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

type channel struct {
	tokens [][]byte
	env    channels.Env
}

func open(env channels.Env) (channels.Channel, error) {
	c := &channel{env: env}
	for i, token := range env.Secrets[secretToken] {
		if token == "" {
			continue // not set: matches nothing
		}
		if !tokenForm.MatchString(token) {
			return nil, fmt.Errorf("secret %s, value %d: want 1 to 256 characters of A-Z a-z 0-9 _ -", secretToken, i+1)
		}
		c.tokens = append(c.tokens, []byte(token))
	}
	return c, nil
}

// Verify compares the secret token with every one that is accepted, so that the time taken does not tell which came close.
func (c *channel) Verify(r *channels.Request) error {
	given := []byte(r.Header.Get(secretHeader))
	if len(given) == 0 {
		return errors.New("the header " + secretHeader + " is missing")
	}
	equal := 0
	for _, token := range c.tokens {
		equal |= subtle.ConstantTimeCompare(given, token)
	}
	if equal != 1 {
		return errors.New("the header " + secretHeader + " holds none of this bot's secret tokens")
	}
	return nil
}

var _ channels.Channel = (*channel)(nil)
