package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Delivery is one event for one subscription.
type Delivery struct {
	ID           uuid.UUID           `json:"id"`
	Subscription uuid.UUID           `json:"subscription"`
	Event        DeliveredEvent      `json:"event"`
	State        inbox.DeliveryState `json:"state" enum:"waiting,under_way,delivered,failed,held" doc:"waiting: for its time and its turn; failed: given up; held: its subscription was disabled."`
	Attempt      int                 `json:"attempt" doc:"How often it was queued."`
	Failures     int                 `json:"failures" doc:"Attempts that the endpoint did not take, since it was last let go."`
	DueAt        *Time               `json:"due_at" doc:"Of one that waits: not earlier."`
	Status       *int                `json:"status" doc:"HTTP status of the latest attempt; null: there was no answer, or no attempt."`
	Error        *string             `json:"error" doc:"Why the latest attempt failed."`
	CreatedAt    Time                `json:"created_at"`
	DeliveredAt  *Time               `json:"delivered_at"`
}

// DeliveredEvent is what a delivery tells.
type DeliveredEvent struct {
	ID   uuid.UUID       `json:"id"`
	Type inbox.EventType `json:"type"`
}

// DeliveryDetail is a delivery with what it tells, and what came of the attempts at it.
type DeliveryDetail struct {
	Delivery
	Body     Object            `json:"body" doc:"As it is posted."`
	Attempts []DeliveryAttempt `json:"attempts" doc:"The first one first."`
}

// DeliveryAttempt is what came of one attempt.
type DeliveryAttempt struct {
	Attempt  int     `json:"attempt"`
	At       Time    `json:"at" doc:"When it began."`
	TookMS   int64   `json:"took_ms"`
	Status   *int    `json:"status" doc:"HTTP's; null: there was no answer."`
	Error    *string `json:"error" doc:"null: it succeeded."`
	Response string  `json:"response" doc:"How the answer's body begins."`
}

type listDeliveries struct {
	Paging
	ID    uuid.UUID             `path:"id"`
	State []inbox.DeliveryState `query:"state" enum:"waiting,under_way,delivered,failed,held" doc:"Only these; several with commas."`
}

type redeliver struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		States []inbox.DeliveryState `json:"states" minItems:"1" enum:"delivered,failed,held"`
		Since  *Time                 `json:"since,omitempty" doc:"Only those that were made since."`
	} `nameHint:"Redelivery"`
}

// Redelivered is how many deliveries start anew.
type Redelivered struct {
	Deliveries int `json:"deliveries"`
}

// Tested names the delivery of a test.
type Tested struct {
	Delivery uuid.UUID `json:"delivery" doc:"Look what comes of it: GET /v1/deliveries/{id}."`
}

const whenDisabled = "409 `disabled`: its subscription is disabled. Enable it first."

func (a *API) deliveries() {
	register(a, admins, tagged(huma.Operation{
		OperationID: "testSubscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/test", DefaultStatus: http.StatusAccepted,
		Summary: "Deliver an event that says nothing", Description: whenDisabled,
	}), a.testSubscription)
	register(a, admins, tagged(huma.Operation{
		OperationID: "listDeliveries", Method: http.MethodGet, Path: "/v1/subscriptions/{id}/deliveries",
		Summary: "Deliveries of a subscription, the latest first",
	}), a.listDeliveries)
	register(a, admins, tagged(huma.Operation{
		OperationID: "redeliverSubscription", Method: http.MethodPost, Path: "/v1/subscriptions/{id}/redeliver", DefaultStatus: http.StatusAccepted,
		Summary: "Let deliveries in some states start anew", Description: whenDisabled,
	}), a.redeliverAll)
	register(a, admins, tagged(huma.Operation{
		OperationID: "getDelivery", Method: http.MethodGet, Path: "/v1/deliveries/{id}",
		Summary: "A delivery, what it tells, and what came of each attempt",
	}), a.getDelivery)
	register(a, admins, tagged(huma.Operation{
		OperationID: "redeliver", Method: http.MethodPost, Path: "/v1/deliveries/{id}/redeliver", DefaultStatus: http.StatusAccepted,
		Summary: "Let a delivery start anew", Description: whenDisabled + " 409 `on_its_way`: it is on its way already.",
	}), a.redeliver)
}

func (a *API) testSubscription(ctx context.Context, in *byID) (*answer[Tested], error) {
	found, err := a.Store.Subscription(ctx, in.ID)
	if err == nil && found.State != inbox.SubscriptionActive {
		err = errDisabled
	}
	if err != nil {
		return nil, err
	}
	delivery, err := a.Store.TestSubscription(ctx, actor(ctx), found)
	if err != nil {
		return nil, err
	}
	a.notify(ctx, []uuid.UUID{in.ID})
	return reply(Tested{delivery}), nil
}

var errDisabled = conflict("disabled", "The subscription is disabled. Enable it first.")

// deliveryPlace is a place in a list of deliveries, in a cursor.
type deliveryPlace struct {
	Before int64 `json:"before"`
}

func (a *API) listDeliveries(ctx context.Context, in *listDeliveries) (*answer[Page[Delivery]], error) {
	var place deliveryPlace
	err := readCursor(in.Cursor, &place)
	if err == nil {
		_, err = a.Store.Subscription(ctx, in.ID)
	}
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Deliveries(ctx, in.ID, inbox.DeliveryFilter{States: in.State, Before: place.Before}, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, deliveryOf, func(d inbox.Delivery) deliveryPlace { return deliveryPlace{d.Seq} })
	return reply(page), err
}

func (a *API) redeliverAll(ctx context.Context, in *redeliver) (*answer[Redelivered], error) {
	what := inbox.Redelivery{States: in.Body.States}
	if in.Body.Since != nil {
		what.Since = time.Time(*in.Body.Since)
	}
	n, err := a.again(ctx, in.ID, what)
	return reply(Redelivered{n}), err
}

func (a *API) redeliver(ctx context.Context, in *byID) (*answer[Delivery], error) {
	found, _, err := a.Store.Delivery(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	n, err := a.again(ctx, found.Subscription, inbox.Redelivery{IDs: []uuid.UUID{in.ID}})
	if err == nil && n == 0 {
		err = conflict("on_its_way", "It is on its way already.")
	}
	if err != nil {
		return nil, err
	}
	found, _, err = a.Store.Delivery(ctx, in.ID)
	return reply(deliveryOf(found)), err
}

// again lets deliveries of a subscription start anew.
func (a *API) again(ctx context.Context, subscription uuid.UUID, what inbox.Redelivery) (int, error) {
	n, err := a.Store.Redeliver(ctx, actor(ctx), subscription, what)
	if errors.Is(err, inbox.ErrDisabled) {
		err = errDisabled
	}
	if n > 0 {
		a.notify(ctx, []uuid.UUID{subscription})
	}
	return n, err
}

func (a *API) getDelivery(ctx context.Context, in *byID) (*answer[DeliveryDetail], error) {
	found, attempts, err := a.Store.Delivery(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := found.Event.Body()
	return reply(DeliveryDetail{Delivery: deliveryOf(found), Body: Object(body), Attempts: each(attempts, attemptOf)}), err
}

func deliveryOf(of inbox.Delivery) Delivery {
	d := Delivery{
		ID: of.ID, Subscription: of.Subscription, Event: DeliveredEvent{of.Event.ID, of.Event.Type}, State: of.State, Attempt: of.Attempt, Failures: of.Failures,
		Status: maybe(of.Status), Error: maybe(of.Error), CreatedAt: Time(of.CreatedAt), DeliveredAt: maybeTime(of.DeliveredAt),
	}
	if of.State == inbox.DeliveryWaiting {
		d.DueAt = maybeTime(of.DueAt)
	}
	return d
}

func attemptOf(of inbox.DeliveryAttempt) DeliveryAttempt {
	return DeliveryAttempt{
		Attempt: of.Attempt, At: Time(of.At), TookMS: of.Took.Milliseconds(), Status: maybe(of.Status), Error: maybe(of.Error), Response: of.Response,
	}
}
