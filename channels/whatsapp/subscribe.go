package whatsapp

import (
	"context"
	"fmt"

	"omni/channels"
	"omni/channels/internal/graph"
)

// wabaID is the name of the secret that holds the WhatsApp Business Account's id.
const wabaID = "waba_id"

// fields are the kinds of event that Meta sends and Parse understands.
// Source: .../whatsapp/webhooks/overview.
var fields = []string{
	"messages", "smb_message_echoes", "smb_app_state_sync", "history", "calls", "user_preferences", "user_id_update",
	"group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
	"account_alerts", "account_review_update", "account_update", "business_capability_update", "security",
	"phone_number_name_update", "phone_number_quality_update", "template_category_update",
	"message_template_components_update", "message_template_quality_update", "message_template_status_update",
}

// maxOverride is the longest URL that an account may have of its own.
// Source: .../whatsapp/webhooks/override.
const maxOverride = 200

func (c channel) registration() (graph.App, graph.Node, error) {
	if err := c.env.Secrets.Need(graph.AccessToken, wabaID); err != nil {
		return graph.App{}, graph.Node{}, err
	}
	app, err := graph.NewApp(c.env, "whatsapp_business_account")
	return app, graph.Node{
		Client: graph.NewClient(c.env, graph.FacebookHost, c.env.Secrets.First(graph.AccessToken)),
		Kind:   "WhatsApp Business Account", ID: c.env.Secrets.First(wabaID), App: c.env.Secrets.First(graph.AppID),
	}, err
}

// Subscriptions reports what the app is subscribed to, and whether the account sends it that, perhaps to a URL of its own.
func (c channel) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	app, waba, err := c.registration()
	if err != nil {
		return nil, err
	}
	general, err := app.Subscription(ctx)
	if err != nil {
		return nil, err
	}
	special, err := waba.Subscription(ctx)
	return []channels.Subscription{general, special}, err
}

// Subscribe registers the app's callback URL, or the account's own, and subscribes the app to the account.
func (c channel) Subscribe(ctx context.Context, callback channels.Callback) error {
	app, waba, err := c.registration()
	if err != nil {
		return err
	}
	// Asked first, so that a token or an account that is wrong does not leave the app with half a registration.
	if _, err := waba.Subscription(ctx); err != nil {
		return err
	}
	if callback.OwnURL {
		return c.override(ctx, waba, callback.URL)
	}
	wanted := callback.Events
	if wanted == nil {
		wanted = fields
	}
	if err := app.Subscribe(ctx, callback.URL, wanted); err != nil {
		return err
	}
	return waba.SubscribeWhole(ctx) // this also ends a URL of the account's own
}

// override gives the account a URL of its own. Meta asks that the app is subscribed to the account before.
func (c channel) override(ctx context.Context, waba graph.Node, callback string) error {
	if len(callback) > maxOverride {
		return fmt.Errorf("the URL has %d characters, and Meta takes at most %d for one account", len(callback), maxOverride)
	}
	if err := waba.SubscribeWhole(ctx); err != nil {
		return err
	}
	return waba.Override(ctx, callback, c.env.Secrets.First(graph.VerifyToken))
}

// Unsubscribe takes the app off the account. The app's callback URL stays: other accounts may use it.
func (c channel) Unsubscribe(ctx context.Context) error {
	_, waba, err := c.registration()
	if err != nil {
		return err
	}
	return waba.Unsubscribe(ctx)
}

// Health asks Meta about the system user's access token.
func (c channel) Health(ctx context.Context) (channels.Health, error) {
	return graph.Health(ctx, c.env, graph.FacebookHost, "whatsapp_business_messaging", "whatsapp_business_management")
}

var (
	_ channels.Subscriber    = channel{}
	_ channels.HealthChecker = channel{}
)
