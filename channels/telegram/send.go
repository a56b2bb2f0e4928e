package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Send calls the one method that sends the content. Telegram takes no handle and no idempotency key: what it may have taken without
// saying so cannot be found again.
func (c *channel) Send(ctx context.Context, o channels.Outgoing) (channels.Receipt, error) {
	to, err := openChat(o.Thread)
	if err != nil {
		return channels.Receipt{}, err
	}
	if o.Reaction != nil {
		return channels.Receipt{}, c.react(ctx, to, *o.Reaction)
	}
	draft, err := compose(to, o)
	if err != nil {
		return channels.Receipt{}, err
	}
	receipt, err := c.send(ctx, to, draft)
	var refused *apiError
	if errors.As(err, &refused) && refused.MovedTo != "" {
		return c.sendToMoved(ctx, to.moved(refused.MovedTo), draft)
	}
	return receipt, err
}

// sendToMoved sends to the supergroup that a group has become what Telegram refused to send to the group. The messages and topics of the
// group have other numbers there, so it answers none.
func (c *channel) sendToMoved(ctx context.Context, to chat, d draft) (channels.Receipt, error) {
	d.params["chat_id"] = to.id
	delete(d.params, "reply_parameters")
	delete(d.params, forumTopic)
	receipt, err := c.send(ctx, to, d)
	receipt.Thread = to.thread
	return receipt, err
}

func (c *channel) send(ctx context.Context, to chat, d draft) (channels.Receipt, error) {
	var sent wire.Object
	if err := c.deliver(ctx, d, &sent); err != nil {
		return channels.Receipt{}, err
	}
	id := messageRef(to.thread, sent)
	if id == "" {
		return channels.Receipt{}, channels.Uncertain(fmt.Errorf("the result of %s is no message", d.method))
	}
	return channels.Receipt{ID: id}, nil
}

// react replaces the bot's reaction. A reaction is no message, so it gets no id.
func (c *channel) react(ctx context.Context, to chat, r channels.SentReaction) error {
	id, ok := to.message(r.Target)
	switch {
	case to.connection != "":
		return channels.Reject("business_reaction", "Telegram lets no bot react in the chats of a business account.", nil)
	case !ok:
		return noMessage("reaction_target")
	}
	p := to.params()
	p["message_id"], p["reaction"] = id, []params{}
	if r.Emoji != "" {
		p["reaction"] = []params{{"type": "emoji", "emoji": channels.PlainEmoji(r.Emoji)}}
	}
	var done bool
	return c.deliver(ctx, draft{method: "setMessageReaction", params: p}, &done)
}

func noMessage(code string) error {
	return channels.Reject(code, "Telegram has no message in this chat to which that could refer.", nil)
}

// deliver makes the one call that delivers.
func (c *channel) deliver(ctx context.Context, d draft, result any) error {
	if d.file != nil {
		return c.upload(ctx, d, result)
	}
	body, err := json.Marshal(d.params)
	if err != nil {
		return fmt.Errorf("calling %s: %w", d.method, err)
	}
	request, err := c.request(ctx, d.method, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := c.env.Deliver(request)
	if err != nil {
		return fmt.Errorf("calling %s: %w", d.method, err)
	}
	return delivered(c.read(d.method, answer, result))
}
