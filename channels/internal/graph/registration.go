package graph

import (
	"context"
	"errors"

	"omni/channels"
)

// Registration is what makes the webhooks of Messenger and Instagram come: an app's subscription to an object, and the app's
// subscription to the node of the access token. Its methods are those of [channels.Subscriber].
type Registration struct {
	Env        channels.Env
	Object     string   // that the app subscribes to: "page"
	Host       string   // where the access token is known
	Kind       string   // of the node, as people call it: "page"
	Fields     []string // of the object, as far as a callback does not say
	NodeFields []string // of the node; nil: those of the object
}

// Subscriptions reports both parts, the app's first.
func (r Registration) Subscriptions(ctx context.Context) ([]channels.Subscription, error) {
	app, node, err := r.parts(ctx)
	if err != nil {
		return nil, err
	}
	general, err := app.Subscription(ctx)
	if err != nil {
		return nil, err
	}
	special, err := node.Subscription(ctx)
	return []channels.Subscription{general, special}, err
}

// Subscribe registers both parts.
func (r Registration) Subscribe(ctx context.Context, callback channels.Callback) error {
	app, node, err := r.parts(ctx)
	if err != nil {
		return err
	}
	if callback.OwnURL {
		return errors.New("meta keeps one callback URL for everything of an app: give this account a Meta app of its own")
	}
	fields := callback.Events
	if fields == nil {
		fields = r.Fields
	}
	if err := app.Subscribe(ctx, callback.URL, fields); err != nil {
		return err
	}
	if r.NodeFields != nil {
		fields = r.NodeFields
	}
	return node.Subscribe(ctx, fields)
}

// Unsubscribe takes the app off the node. The app's callback URL stays: other nodes may use it.
func (r Registration) Unsubscribe(ctx context.Context) error {
	_, node, err := r.parts(ctx)
	if err != nil {
		return err
	}
	return node.Unsubscribe(ctx)
}

// parts finds out whose the access token is.
func (r Registration) parts(ctx context.Context) (App, Node, error) {
	app, err := NewApp(r.Env, r.Object)
	if err != nil {
		return App{}, Node{}, err
	}
	if err := r.Env.Secrets.Need(AccessToken); err != nil {
		return App{}, Node{}, err
	}
	known := app.id
	if r.Host == InstagramHost {
		known = "" // Instagram calls the app by another id, and shows an app only itself
	}
	node, err := Me(ctx, NewClient(r.Env, r.Host, r.Env.Secrets.First(AccessToken)), r.Kind, known)
	return app, node, err
}
