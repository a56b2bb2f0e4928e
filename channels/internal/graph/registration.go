package graph

import (
	"context"
	"errors"

	"omni/channels"
)

// Registration is what makes the webhooks of Messenger and Instagram come: an app's subscription to an object, and the app's
// subscription to the node of the access token.
type Registration struct {
	App        App
	Node       Node
	Fields     []string // of the object, as far as a callback does not say
	NodeFields []string // of the node; nil: those of the object
}

// NewRegistration finds out whose the access token is.
func NewRegistration(ctx context.Context, env channels.Env, object, host, kind string) (Registration, error) {
	app, err := NewApp(env, object)
	if err != nil {
		return Registration{}, err
	}
	if err := env.Secrets.Need(AccessToken); err != nil {
		return Registration{}, err
	}
	known := app.id
	if host == InstagramHost {
		known = "" // Instagram calls the app by another id, and shows an app only itself
	}
	node, err := Me(ctx, NewClient(env, host, env.Secrets.First(AccessToken)), kind, known)
	return Registration{App: app, Node: node}, err
}

// Subscriptions reports both parts, the app's first.
func (r Registration) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	app, err := r.App.Subscription(ctx)
	if err != nil {
		return nil, err
	}
	node, err := r.Node.Subscription(ctx)
	return []channels.Subscription{app, node}, err
}

// Subscribe registers both parts.
func (r Registration) Subscribe(ctx context.Context, callback channels.Callback) error {
	if callback.OwnURL {
		return errors.New("meta keeps one callback URL for everything of an app: give this account a Meta app of its own")
	}
	fields := callback.Events
	if fields == nil {
		fields = r.Fields
	}
	if err := r.App.Subscribe(ctx, callback.URL, fields); err != nil {
		return err
	}
	if r.NodeFields != nil {
		fields = r.NodeFields
	}
	return r.Node.Subscribe(ctx, fields)
}
