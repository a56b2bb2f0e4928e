package instagram

import (
	"context"

	"omni/channels"
	"omni/channels/internal/graph"
)

// heart is the reaction that Instagram takes from a business.
// Source: .../instagram-platform/instagram-api-with-instagram-login/messaging-api, "Send a reaction".
const heart = "❤️"

// answers sends in the name of whom the access token is for: the linked Page, whose id no webhook tells, or the account. Meta documents
// the metadata of a message for Pages only, and refuses members of a message that it does not know.
func (c *channel) answers() graph.Answers {
	return graph.Answers{
		Env: c.env, Host: c.host(), Node: "me",
		NoHandle:  c.host() == graph.InstagramHost,
		Reactions: map[string]string{channels.PlainEmoji(heart): "love"},
	}
}

// Send delivers one message to a person who wrote to the account.
func (c *channel) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	return c.answers().Send(ctx, o)
}

// Typing shows that an answer is being written.
func (c *channel) Typing(ctx context.Context, chat channels.Chat) error {
	return c.answers().Typing(ctx, chat)
}

// MarkRead shows that what the person wrote was seen.
func (c *channel) MarkRead(ctx context.Context, chat channels.Chat) error {
	return c.answers().MarkRead(ctx, chat)
}

var (
	_ channels.Typer      = (*channel)(nil)
	_ channels.ReadMarker = (*channel)(nil)
)
