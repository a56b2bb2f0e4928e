package messenger

import (
	"cmp"
	"context"

	"omni/channels"
	"omni/channels/internal/graph"
)

// answers sends in the name of the Page, so that another Page's token is refused for what it is.
func (c *channel) answers(page string) graph.Answers {
	return graph.Answers{Env: c.env, Host: graph.FacebookHost, Node: cmp.Or(page, "me")}
}

// Send delivers one message to a person who wrote to the Page.
func (c *channel) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	return c.answers(o.Account).Send(ctx, o)
}

// Typing shows three dots for 20 seconds.
func (c *channel) Typing(ctx context.Context, chat channels.Chat) error {
	return c.answers(chat.Account).Typing(ctx, chat)
}

// MarkRead puts the Page's picture under what the person wrote.
func (c *channel) MarkRead(ctx context.Context, chat channels.Chat) error {
	return c.answers(chat.Account).MarkRead(ctx, chat)
}

var (
	_ channels.Typer      = (*channel)(nil)
	_ channels.ReadMarker = (*channel)(nil)
)
