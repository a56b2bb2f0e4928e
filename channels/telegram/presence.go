package telegram

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"omni/channels"
)

// Typing shows it for five seconds, or until a message comes.
func (c *channel) Typing(ctx context.Context, in channels.Chat) error {
	to, err := openChat(in.Thread)
	if err != nil {
		return err
	}
	p := to.params()
	p["action"] = "typing"
	return c.confirmed(ctx, "sendChatAction", p)
}

// MarkRead stops the clock on the button that the customer pressed last, or marks their message in a business account's chat, where the
// bot acts for a person. What is written to the bot itself Telegram shows as read anyway.
func (c *channel) MarkRead(ctx context.Context, in channels.Chat) error {
	if query, pressed := strings.CutPrefix(in.Last, ownNames[callbackQuery]); pressed {
		return c.answerCallback(ctx, query)
	}
	to, err := openChat(in.Thread)
	if err != nil || to.connection == "" {
		return err
	}
	id, ok := to.message(in.Last)
	if !ok {
		return nil
	}
	p := to.params()
	p["message_id"] = id
	return c.confirmed(ctx, "readBusinessMessage", p)
}

// answerCallback tells Telegram that the bot knows of a pressed button. Once it is too late for that, nothing is left to do.
func (c *channel) answerCallback(ctx context.Context, query string) error {
	err := c.confirmed(ctx, "answerCallbackQuery", params{"callback_query_id": query})
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == http.StatusBadRequest && strings.Contains(refused.Description, "query ID is invalid") {
		return nil
	}
	return err
}

var (
	_ channels.Typer      = (*channel)(nil)
	_ channels.ReadMarker = (*channel)(nil)
)
