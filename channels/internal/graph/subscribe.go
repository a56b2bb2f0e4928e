package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"omni/channels"
)

// AppID is the name of the secret that holds the Meta app's id.
const AppID = "app_id"

// App is a Meta app's registration of webhooks for one object. Its callback URL serves everything that the app is subscribed to.
// Source: developers.facebook.com/docs/graph-api/reference/app/subscriptions.
type App struct {
	client      Client
	object      string
	id          string
	verifyToken string
}

// NewApp takes the app's id, its secret and the verify token from the secrets.
func NewApp(env channels.Env, object string) (App, error) {
	if err := env.Secrets.Need(AppID, AppSecret, VerifyToken); err != nil {
		return App{}, err
	}
	id := env.Secrets.First(AppID)
	return App{
		client: NewClient(env, FacebookHost, id+"|"+env.Secrets.First(AppSecret)),
		object: object, id: id, verifyToken: env.Secrets.First(VerifyToken),
	}, nil
}

// Subscription reports what the app is subscribed to.
func (a App) Subscription(ctx context.Context) (channels.Subscription, error) {
	var list struct {
		Data []struct {
			Object      string      `json:"object"`
			CallbackURL string      `json:"callback_url"`
			Active      bool        `json:"active"`
			Fields      []fieldName `json:"fields"`
		} `json:"data"`
	}
	if err := a.client.Get(ctx, a.id+"/subscriptions", nil, &list); err != nil {
		return channels.Subscription{}, fmt.Errorf("reading the subscriptions of app %s: %w", a.id, err)
	}
	subscription := channels.Subscription{On: "app " + a.id + ", " + a.object}
	for _, one := range list.Data {
		if one.Object == a.object {
			subscription.Active, subscription.URL, subscription.Events = one.Active, one.CallbackURL, names(one.Fields)
		}
	}
	return subscription, nil
}

// fieldName is an entry of fields: an object of name and version, in old versions of the API the bare name.
type fieldName string

// UnmarshalJSON implements [json.Unmarshaler].
func (f *fieldName) UnmarshalJSON(raw []byte) error {
	var field struct {
		Name fieldName `json:"name"`
	}
	if json.Unmarshal(raw, (*string)(f)) == nil {
		return nil
	}
	err := json.Unmarshal(raw, &field)
	*f = field.Name
	return err
}

func names(fields []fieldName) []string {
	var all []string
	for _, field := range fields {
		all = append(all, string(field))
	}
	slices.Sort(all)
	return all
}

// Subscribe makes Meta check the callback URL and send the app's webhooks there. Fields that the app has subscribed to already are kept:
// another product of the company may need them.
func (a App) Subscribe(ctx context.Context, callback string, fields []string) error {
	before, err := a.Subscription(ctx)
	if err != nil {
		return err
	}
	params := url.Values{
		"object": {a.object}, "callback_url": {callback}, "verify_token": {a.verifyToken},
		"fields": {union(before.Events, fields)}, "include_values": {"true"}, // without it, webhooks only name what changed
	}
	if err := a.client.PostForm(ctx, a.id+"/subscriptions", params, &struct{}{}); err != nil {
		return fmt.Errorf("subscribing app %s: %w", a.id, err)
	}
	return nil
}

// union lists the names of both, sorted, as Meta takes them.
func union(a, b []string) string {
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	return strings.Join(slices.Compact(all), ",")
}

// Node is what belongs to a company and sends webhooks to the apps that are subscribed to it: a Page, an Instagram account, a WhatsApp
// Business Account.
type Node struct {
	Client Client
	Kind   string // as people call it: "page"
	ID     string
	Name   string // as the platform shows it; may be empty
	App    string // the id of the app that is subscribed; empty where the node shows this one only
}

// Me is the node that an access token belongs to: a Page's token names the Page, Instagram Login's the account.
func Me(ctx context.Context, client Client, kind, app string) (Node, error) {
	fields := "id,name"
	if client.host == InstagramHost {
		fields = "user_id,username"
	}
	var me struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		UserID   string `json:"user_id"`
		Username string `json:"username"`
	}
	if err := client.Get(ctx, "me", url.Values{"fields": {fields}}, &me); err != nil {
		return Node{}, fmt.Errorf("asking whose the %s is: %w", AccessToken, err)
	}
	name := me.Name
	if me.Username != "" {
		name = "@" + me.Username
	}
	return Node{Client: client, Kind: kind, ID: cmp.Or(me.UserID, me.ID), Name: name, App: app}, nil
}

// String is how people recognise the node.
func (n Node) String() string {
	if n.Name == "" {
		return n.Kind + " " + n.ID
	}
	return fmt.Sprintf("%s %s (%s)", n.Kind, n.Name, n.ID)
}

// Subscription reports whether the app is subscribed to the node.
func (n Node) Subscription(ctx context.Context) (channels.Subscription, error) {
	var list struct {
		Data []struct {
			ID       string   `json:"id"` // of the app
			Fields   []string `json:"subscribed_fields"`
			Override string   `json:"override_callback_uri"`
			WhatsApp struct {
				ID string `json:"id"` // of the app, where the node is a WhatsApp Business Account
			} `json:"whatsapp_business_api_data"`
		} `json:"data"`
	}
	if err := n.Client.Get(ctx, n.edge(), nil, &list); err != nil {
		return channels.Subscription{}, fmt.Errorf("reading the apps that are subscribed to %s: %w", n, err)
	}
	subscription := channels.Subscription{On: n.String()}
	for _, app := range list.Data {
		if n.App == "" || cmp.Or(app.WhatsApp.ID, app.ID) == n.App {
			subscription.Active, subscription.URL = true, app.Override
			subscription.Events = slices.Sorted(slices.Values(app.Fields))
		}
	}
	return subscription, nil
}

// Subscribe subscribes the app to fields of the node, besides those that it has already.
func (n Node) Subscribe(ctx context.Context, fields []string) error {
	before, err := n.Subscription(ctx)
	if err != nil {
		return err
	}
	params := url.Values{"subscribed_fields": {union(before.Events, fields)}}
	return n.subscribed(n.Client.PostForm(ctx, n.edge(), params, &struct{}{}))
}

// SubscribeWhole subscribes the app to a node that knows no fields.
func (n Node) SubscribeWhole(ctx context.Context) error {
	return n.subscribed(n.Client.PostForm(ctx, n.edge(), nil, &struct{}{}))
}

// Override makes the node send its webhooks to another URL than the app's.
// Source: .../whatsapp/webhooks/override.
func (n Node) Override(ctx context.Context, callback, verifyToken string) error {
	object := map[string]string{"override_callback_uri": callback, "verify_token": verifyToken}
	return n.subscribed(n.Client.PostJSON(ctx, n.edge(), object, &struct{}{}))
}

func (n Node) subscribed(err error) error {
	if err != nil {
		return fmt.Errorf("subscribing the app to %s: %w", n, err)
	}
	return nil
}

// Unsubscribe takes the app off the node, if it is there.
func (n Node) Unsubscribe(ctx context.Context) error {
	before, err := n.Subscription(ctx)
	if err != nil || !before.Active {
		return err
	}
	if err := n.Client.Delete(ctx, n.edge(), &struct{}{}); err != nil {
		return fmt.Errorf("taking the app off %s: %w", n, err)
	}
	return nil
}

func (n Node) edge() string { return n.ID + "/subscribed_apps" }
