// Package webchat is the chat on the company's own pages: the channel whose platform is this product. See [channels.Host].
//
// A webhook is what one page of one visitor reports, under a token of some minutes that the page got for its origin. Two things shape this package.
//
// Nobody signs the body, so Verify holds it against the token: the visitor that it names is the token's, and so are the files.
// What stands in it can then be read without a token, today and in a replay.
//
// A page names its messages itself, so that one that is sent twice is one. Each id is prefixed by the visitor's thread, and so is whatever a
// page refers to: no visitor can name, or take the id of, another's message.
package webchat

import (
	"errors"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

func init() { channels.Register(spec, open) }

var spec = channels.Spec{
	Name:    "webchat",
	Title:   "Web chat",
	Docs:    "https://html.spec.whatwg.org/multipage/custom-elements.html",
	Account: channels.AccountOptional,
	Secrets: []channels.Secret{
		{Name: signingKey, For: channels.ForVerify,
			Meaning: "At least 32 random characters that you make up: they sign the visitors' tokens. Nobody else needs them."},
		{Name: identityKey, For: channels.ForPages,
			Meaning: "At least 32 random characters that your own server has too: it proves by them who has signed in on your site."},
		{Name: origins, For: channels.ForPages,
			Meaning: "The origins whose pages may open the chat, like https://www.shop.example: a list. Without one no page may."},
		{Name: title, For: channels.ForPages, Meaning: "What stands above the chat."},
		{Name: askEmail, For: channels.ForPages, Meaning: "When visitors are asked for their e-mail address: away (when no agent is there) or always; else never."},
	},
	// The limits are ours: more is no chat any more.
	Text: channels.TextLimit{Max: 4000, Unit: channels.Characters},
	Media: []channels.MediaLimit{
		{Kind: channels.Image, MaxBytes: 10 << 20, Types: []string{"image/png", "image/jpeg", "image/gif", "image/webp"}},
		{Kind: channels.Video, MaxBytes: 50 << 20, Types: []string{"video/mp4", "video/webm"}},
		{Kind: channels.Audio, MaxBytes: 25 << 20, Types: []string{"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav"}},
		{Kind: channels.Document, MaxBytes: 25 << 20},
	},
	Sends: channels.Abilities{
		Caption:   channels.TextLimit{Max: 4000, Unit: channels.Characters},
		Captioned: []channels.AttachmentKind{channels.Image, channels.Video, channels.Audio, channels.Document},
		Places:    true, Cards: true, Replies: true,
		Choices: &channels.ChoiceLimit{
			Options: 10, Text: channels.TextLimit{Max: 1000, Unit: channels.Characters}, Title: 40, Description: 80, ID: 100,
		},
	},
	Extras: []string{"typing", "read marks", "e-mail addresses of visitors", "visitors whom your own server vouches for"},
}

// The names of the secrets.
const (
	signingKey  = "signing_key"
	identityKey = "identity_key"
	origins     = channels.OriginsSecret
	title       = "title"
	askEmail    = channels.AskEmailSecret
)

type channel struct {
	env channels.Env
	now func() time.Time
}

func open(env channels.Env) (channels.Channel, error) {
	return &channel{env, time.Now}, nil
}

// Verify holds a body against the token that it comes with. A body without events claims nothing.
func (c *channel) Verify(r *channels.Request) error {
	visitor, err := c.Visitor(r)
	if err != nil {
		return err
	}
	body, _ := wire.ParseObject(r.Body)
	events := body.Objects("events")
	if len(events) == 0 {
		return nil
	}
	if body.String("visitor") != visitor.Thread {
		return errors.New("the body speaks for another visitor than the token")
	}
	for _, event := range events {
		if token := event.String("file"); token != "" && !c.granted(visitor, token) {
			return errors.New("a file's token was not made for this visitor by this account's key")
		}
	}
	return nil
}

var (
	_ channels.Channel     = (*channel)(nil)
	_ channels.Host        = (*channel)(nil)
	_ channels.MediaOpener = (*channel)(nil)
)
