package instagram

import (
	"context"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/graph"
)

// fields are the kinds of event that Instagram sends and Parse understands.
// Source: developers.facebook.com/docs/instagram-platform/webhooks.
var fields = []string{
	"messages", "messaging_postbacks", "message_reactions", "message_edit", "messaging_seen", "messaging_referral", "messaging_optins",
	"standby", "comments", "live_comments", "mentions", "story_insights",
}

// echoes is a field of accounts with Instagram Login; those linked to a Page send echoes among the messages.
const echoes = "message_echoes"

// pageFields are what the linked Page has to send, in the words of Pages.
var pageFields = []string{
	"messages", "messaging_postbacks", "message_reactions", "message_edits", "messaging_referrals", "messaging_optins", "standby",
}

// host is where the access token is known: tokens of Instagram Login begin with IG, those of a linked Page do not.
func (c *channel) host() string {
	if strings.HasPrefix(c.env.Secrets.First(graph.AccessToken), "IG") {
		return graph.InstagramHost
	}
	return graph.FacebookHost
}

func (c *channel) registration() graph.Registration {
	r := graph.Registration{Env: c.env, Object: "instagram", Host: c.host(), Kind: "page", Fields: fields, NodeFields: pageFields}
	if r.Host == graph.InstagramHost {
		r.Kind, r.Fields, r.NodeFields = "account", append(slices.Clone(fields), echoes), nil
	}
	return r
}

// Subscriptions reports what the app is subscribed to, and what of that the account or its Page sends.
func (c *channel) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	return c.registration().Subscriptions(ctx)
}

// Subscribe registers the app's callback URL and subscribes the app to the account, or to its Page.
func (c *channel) Subscribe(ctx context.Context, callback channels.Callback) error {
	return c.registration().Subscribe(ctx, callback)
}

// Unsubscribe takes the app off the account, or off its Page: then Messenger's webhooks of that Page end too. The app's callback URL
// stays: other accounts may use it.
func (c *channel) Unsubscribe(ctx context.Context) error { return c.registration().Unsubscribe(ctx) }

// Health asks Meta about the access token.
func (c *channel) Health(ctx context.Context) (channels.Health, error) {
	return graph.Health(ctx, c.env, c.host(), "instagram_manage_messages", "pages_manage_metadata")
}

var (
	_ channels.Subscriber    = (*channel)(nil)
	_ channels.HealthChecker = (*channel)(nil)
)
