package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// SubscriptionStore keeps subscriptions and what they are told.
type SubscriptionStore interface {
	AddSubscription(context.Context, inbox.Actor, inbox.Subscription) (inbox.Subscription, error)
	Subscriptions(context.Context) ([]inbox.Subscription, error)
	Subscription(context.Context, uuid.UUID) (inbox.Subscription, error)
	UpdateSubscription(context.Context, inbox.Actor, inbox.Subscription) (inbox.Subscription, error)
	RotateSecret(ctx context.Context, by inbox.Actor, id uuid.UUID, secret string, oldUntil time.Time) (inbox.Subscription, error)
	EnableSubscription(context.Context, inbox.Actor, uuid.UUID) error
	DisableSubscription(ctx context.Context, by inbox.Actor, id uuid.UUID, reason string) (told []uuid.UUID, err error)
	DeleteSubscription(context.Context, inbox.Actor, uuid.UUID) error
	TestSubscription(context.Context, inbox.Actor, inbox.Subscription) (delivery uuid.UUID, err error)
	Deliveries(ctx context.Context, subscription uuid.UUID, f inbox.DeliveryFilter, most int) ([]inbox.Delivery, error)
	Delivery(context.Context, uuid.UUID) (inbox.Delivery, []inbox.DeliveryAttempt, error)
	Redeliver(ctx context.Context, by inbox.Actor, subscription uuid.UUID, what inbox.Redelivery) (int, error)
}

// Subscription is an endpoint of the company that is told of changes.
type Subscription struct {
	ID             uuid.UUID               `json:"id"`
	URL            string                  `json:"url"`
	Description    string                  `json:"description"`
	Types          []string                `json:"types" doc:"Of events, or families of them such as message.*; none: all."`
	Channels       []string                `json:"channels" doc:"None: all."`
	State          inbox.SubscriptionState `json:"state" enum:"active,disabled" doc:"disabled: events are kept for it."`
	Reason         *string                 `json:"reason" doc:"Why it is disabled."`
	Since          Time                    `json:"since" doc:"Of the state."`
	FailingSince   *Time                   `json:"failing_since" doc:"Of the first failure after the last success; null: the latest attempt succeeded, or there was none."`
	OldSecretUntil *Time                   `json:"old_secret_until" doc:"Until then the secret before signs besides."`
	Open           int                     `json:"open" doc:"Deliveries that are on their way."`
	Held           int                     `json:"held" doc:"Deliveries that were kept because it was disabled."`
	CreatedAt      Time                    `json:"created_at"`
}

// SubscriptionSecret is a subscription with its secret, which is shown once.
type SubscriptionSecret struct {
	Subscription
	Secret string `json:"secret" doc:"By which its endpoint verifies deliveries. It is not shown again."`
}

type addSubscription struct {
	Body struct {
		URL         string   `json:"url" minLength:"1" maxLength:"2048" doc:"https://..."`
		Description string   `json:"description,omitempty" maxLength:"1000"`
		Types       []string `json:"types,omitempty" maxItems:"50"`
		Channels    []string `json:"channels,omitempty" maxItems:"100"`
	} `nameHint:"NewSubscription"`
}

type changeSubscription struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		URL         *string  `json:"url,omitempty" minLength:"1" maxLength:"2048"`
		Description *string  `json:"description,omitempty" maxLength:"1000"`
		Types       []string `json:"types,omitempty" maxItems:"50" doc:"[]: all."`
		Channels    []string `json:"channels,omitempty" maxItems:"100" doc:"[]: all."`
	} `nameHint:"SubscriptionChange"`
}

type rotateSecret struct {
	ID   uuid.UUID `path:"id"`
	Body *struct {
		OverlapSeconds *int `json:"overlap_seconds,omitempty" minimum:"0" maximum:"2592000" doc:"For how long the old secret signs besides: a day, if nothing is said. 0 is for a secret that others know."`
	} `nameHint:"SecretRotation" required:"false"`
}

type disableSubscription struct {
	ID   uuid.UUID `path:"id"`
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"1000"`
	} `nameHint:"SubscriptionDisabling" required:"false"`
}

// overlap is for how long the old secret signs besides, if nobody says.
const overlap = 24 * time.Hour

// tagged completes the description of an operation on subscriptions.
func tagged(op huma.Operation) huma.Operation {
	op.Tags = []string{"Subscriptions"}
	return op
}

func (a *API) subscriptions() {
	const path = "/v1/subscriptions"
	register(a, admins, tagged(huma.Operation{
		OperationID: "listSubscriptions", Method: http.MethodGet, Path: path, Summary: "All subscriptions, the oldest first",
	}), a.listSubscriptions)
	register(a, admins, tagged(huma.Operation{
		OperationID: "createSubscription", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Let an endpoint be told of changes", Description: "The answer has the secret, which is not shown again.",
	}), a.createSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "getSubscription", Method: http.MethodGet, Path: path + "/{id}", Summary: "One subscription",
	}), a.getSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "changeSubscription", Method: http.MethodPatch, Path: path + "/{id}",
		Summary: "Change what a subscription wants, or where", Description: "What is not named stays.",
	}), a.changeSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "deleteSubscription", Method: http.MethodDelete, Path: path + "/{id}",
		Summary: "Forget a subscription and what waits for it",
	}), a.deleteSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "rotateSubscriptionSecret", Method: http.MethodPost, Path: path + "/{id}/rotate",
		Summary: "Give a subscription another secret", Description: "The answer has it; it is not shown again.",
	}), a.rotateSecret)
	register(a, admins, tagged(huma.Operation{
		OperationID: "enableSubscription", Method: http.MethodPost, Path: path + "/{id}/enable",
		Summary: "Deliver again", Description: "What was kept stays where it is: redeliver the held ones.",
	}), a.enableSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "disableSubscription", Method: http.MethodPost, Path: path + "/{id}/disable",
		Summary: "End deliveries", Description: "What is open and what happens from now on is kept until its retention.",
	}), a.disableSubscription)
}

func (a *API) listSubscriptions(ctx context.Context, _ *struct{}) (*answer[List[Subscription]], error) {
	all, err := a.Store.Subscriptions(ctx)
	return reply(listOf(all, subscriptionOf)), err
}

func (a *API) getSubscription(ctx context.Context, in *byID) (*answer[Subscription], error) {
	found, err := a.Store.Subscription(ctx, in.ID)
	return reply(subscriptionOf(found)), err
}

func (a *API) createSubscription(ctx context.Context, in *addSubscription) (*answer[SubscriptionSecret], error) {
	new := inbox.Subscription{
		URL: in.Body.URL, Description: in.Body.Description, Types: in.Body.Types, Channels: in.Body.Channels, Secret: inbox.NewSubscriptionSecret(),
	}
	if err := new.Check(a.Local); err != nil {
		return nil, err
	}
	made, err := a.Store.AddSubscription(ctx, actor(ctx), new)
	return reply(SubscriptionSecret{subscriptionOf(made), made.Secret}), err
}

func (a *API) changeSubscription(ctx context.Context, in *changeSubscription) (*answer[Subscription], error) {
	found, err := a.Store.Subscription(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	put(&found.URL, in.Body.URL)
	put(&found.Description, in.Body.Description)
	if in.Body.Types != nil {
		found.Types = in.Body.Types
	}
	if in.Body.Channels != nil {
		found.Channels = in.Body.Channels
	}
	if err := found.Check(a.Local); err != nil {
		return nil, err
	}
	if _, err := a.Store.UpdateSubscription(ctx, actor(ctx), found); err != nil {
		return nil, err
	}
	return a.getSubscription(ctx, &byID{in.ID})
}

func (a *API) deleteSubscription(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, a.Store.DeleteSubscription(ctx, actor(ctx), in.ID)
}

func (a *API) rotateSecret(ctx context.Context, in *rotateSecret) (*answer[SubscriptionSecret], error) {
	besides := overlap
	if in.Body != nil && in.Body.OverlapSeconds != nil {
		besides = time.Duration(*in.Body.OverlapSeconds) * time.Second
	}
	made, err := a.Store.RotateSecret(ctx, actor(ctx), in.ID, inbox.NewSubscriptionSecret(), a.Now().Add(besides))
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Subscription(ctx, in.ID)
	return reply(SubscriptionSecret{subscriptionOf(found), made.Secret}), err
}

func (a *API) enableSubscription(ctx context.Context, in *byID) (*answer[Subscription], error) {
	if err := a.Store.EnableSubscription(ctx, actor(ctx), in.ID); err != nil {
		return nil, err
	}
	a.notify(ctx, []uuid.UUID{in.ID})
	return a.getSubscription(ctx, in)
}

func (a *API) disableSubscription(ctx context.Context, in *disableSubscription) (*answer[Subscription], error) {
	reason := caller(ctx).Name + " disabled it."
	if in.Body != nil && in.Body.Reason != "" {
		reason = in.Body.Reason
	}
	told, err := a.Store.DisableSubscription(ctx, actor(ctx), in.ID, reason)
	if err != nil {
		return nil, err
	}
	a.notify(ctx, told)
	return a.getSubscription(ctx, &byID{in.ID})
}

func subscriptionOf(of inbox.Subscription) Subscription {
	return Subscription{
		ID: of.ID, URL: of.URL, Description: of.Description, Types: orNone(of.Types), Channels: orNone(of.Channels), State: of.State,
		Reason: maybe(of.Reason), Since: Time(of.Since), FailingSince: maybeTime(of.FailingSince), OldSecretUntil: maybeTime(of.OldUntil),
		Open: of.Open, Held: of.Held, CreatedAt: Time(of.CreatedAt),
	}
}
