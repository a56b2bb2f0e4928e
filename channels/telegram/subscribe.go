package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"omni/channels"
)

// maxConnections is how many webhooks Telegram may send at once: its own default. Those of one chat come one after the other anyway.
const maxConnections = 40

// bot is what getMe says of the bot.
type bot struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

func (b bot) String() string { return fmt.Sprintf("@%s (%d)", b.Username, b.ID) }

func (c *channel) me(ctx context.Context) (bot, error) {
	var me bot
	err := c.call(ctx, "getMe", struct{}{}, &me)
	return me, err
}

// Subscriptions reports the bot's webhook.
func (c *channel) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	me, err := c.me(ctx)
	if err != nil {
		return nil, err
	}
	var info struct {
		URL            string   `json:"url"` // empty: no webhook
		AllowedUpdates []string `json:"allowed_updates"`
		Waiting        int      `json:"pending_update_count"`
		LastErrorDate  int64    `json:"last_error_date"`
		LastError      string   `json:"last_error_message"`
	}
	if err := c.call(ctx, "getWebhookInfo", struct{}{}, &info); err != nil {
		return nil, err
	}
	s := channels.Subscription{
		On: "bot " + me.String(), Active: info.URL != "", URL: info.URL, Events: slices.Sorted(slices.Values(info.AllowedUpdates)),
		Waiting: info.Waiting, LastError: info.LastError,
	}
	if info.LastErrorDate > 0 {
		s.LastErrorAt = time.Unix(info.LastErrorDate, 0).UTC()
	}
	return []channels.Subscription{s}, nil
}

// Subscribe sets the bot's webhook. Updates that wait are kept. The kinds are always named: without a list, Telegram leaves some out and
// with an empty one it takes its own.
func (c *channel) Subscribe(ctx context.Context, callback channels.Callback) error {
	if err := c.env.Secrets.Need(secretToken); err != nil {
		return err
	}
	kinds := callback.Events
	if kinds == nil {
		kinds = updateKeys
	}
	return c.confirmed(ctx, "setWebhook", map[string]any{
		"url": callback.URL, "secret_token": c.env.Secrets.First(secretToken), "allowed_updates": kinds,
		"max_connections": maxConnections, "drop_pending_updates": false,
	})
}

// Unsubscribe removes the bot's webhook. Updates that wait are kept, for a day at the most.
func (c *channel) Unsubscribe(ctx context.Context) error {
	return c.confirmed(ctx, "deleteWebhook", map[string]any{"drop_pending_updates": false})
}

func (c *channel) confirmed(ctx context.Context, method string, params any) error {
	var done bool
	if err := c.call(ctx, method, params, &done); err != nil {
		return err
	}
	if !done {
		return errors.New("the Bot API does not confirm " + method)
	}
	return nil
}

// Health asks Telegram whose the bot's token is.
func (c *channel) Health(ctx context.Context) (channels.Health, error) {
	me, err := c.me(ctx)
	if err != nil {
		return channels.Health{}, err
	}
	return channels.Health{Name: me.String()}, nil
}

var (
	_ channels.Subscriber    = (*channel)(nil)
	_ channels.HealthChecker = (*channel)(nil)
)
