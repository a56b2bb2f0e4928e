package messenger

import (
	"context"

	"omni/channels"
	"omni/channels/internal/graph"
)

// fields are the kinds of event that a Page sends and Parse understands. What happens on the Page itself (feed, mention, ratings) is left
// to whoever wants it.
// Source: developers.facebook.com/docs/messenger-platform/reference/webhook-events.
var fields = []string{
	"messages", "message_echoes", "message_edits", "message_reactions", "message_deliveries", "message_reads",
	"messaging_postbacks", "messaging_referrals", "messaging_optins", "messaging_handovers", "messaging_account_linking",
	"messaging_policy_enforcement", "messaging_feedback", "standby",
}

func (c *channel) registration() graph.Registration {
	return graph.Registration{Env: c.env, Object: "page", Host: graph.FacebookHost, Kind: "page", Fields: fields}
}

// Subscriptions reports what the app is subscribed to, and what of that the Page sends it.
func (c *channel) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	return c.registration().Subscriptions(ctx)
}

// Subscribe registers the app's callback URL and subscribes the app to the Page.
func (c *channel) Subscribe(ctx context.Context, callback channels.Callback) error {
	return c.registration().Subscribe(ctx, callback)
}

// Unsubscribe takes the app off the Page. The app's callback URL stays: other Pages may use it.
func (c *channel) Unsubscribe(ctx context.Context) error { return c.registration().Unsubscribe(ctx) }

// Health asks Meta about the Page's access token.
func (c *channel) Health(ctx context.Context) (channels.Health, error) {
	return graph.Health(ctx, c.env, graph.FacebookHost, "pages_messaging", "pages_manage_metadata")
}

var (
	_ channels.Subscriber    = (*channel)(nil)
	_ channels.HealthChecker = (*channel)(nil)
)
