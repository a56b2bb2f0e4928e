package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/subscriptions"
)

type subscriptionHistoryCommand struct {
	subscriptionID `embed:""`
	Delivery       uuid.UUID `arg:"" optional:"" help:"Show this delivery: its event, and what came of each attempt."`
	State          []string  `help:"Only deliveries in this state: ${enum}." enum:"waiting,under_way,delivered,failed,held" placeholder:"STATE"`
	Limit          int       `help:"Most deliveries in the table." default:"50"`
}

func (subscriptionHistoryCommand) Help() string {
	return `Lists the deliveries of a subscription, the latest first. With the id of one, shows that.

Examples:

  omni subscriptions deliveries 01a20446-067f-7693-a288-fb8e3183780a --state failed,held
  omni subscriptions deliveries 01a20446-067f-7693-a288-fb8e3183780a 0b0f7a5e-5a3e-4d51-9d6f-6f8f5a0f8f5e`
}

// Validate is called by kong.
func (c subscriptionHistoryCommand) Validate() error {
	if c.Limit < 1 {
		return errors.New("--limit has to be at least 1")
	}
	return nil
}

// Run lists or shows.
func (c subscriptionHistoryCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error {
		if c.Delivery != uuid.Nil {
			return d.Delivery(ctx, c.Delivery)
		}
		return d.Deliveries(ctx, c.ID, deliveryStates(c.State), c.Limit)
	})
}

func deliveryStates(words []string) []inbox.DeliveryState {
	states := make([]inbox.DeliveryState, len(words))
	for i, word := range words {
		states[i] = inbox.DeliveryState(word)
	}
	return states
}

type subscriptionRedeliverCommand struct {
	subscriptionID `embed:""`
	Deliveries     []uuid.UUID `arg:"" optional:"" name:"delivery" help:"Ids of deliveries, also of delivered ones."`
	Failed         bool        `help:"Those that were given up, instead of ids."`
	Held           bool        `help:"Those that were kept while the subscription was disabled, instead of ids."`
	Since          moment      `help:"Only what was made since: a time, a day, or how long ago, such as 36h or 7d." placeholder:"WHEN"`
}

func (subscriptionRedeliverCommand) Help() string {
	return `An event that is delivered again has the id that it had, so a receiver that remembers ids takes none twice.

Examples:

  omni subscriptions redeliver 01a20446-067f-7693-a288-fb8e3183780a --held
  omni subscriptions redeliver 01a20446-067f-7693-a288-fb8e3183780a --failed --since 24h
  omni subscriptions redeliver 01a20446-067f-7693-a288-fb8e3183780a 0b0f7a5e-5a3e-4d51-9d6f-6f8f5a0f8f5e`
}

// Validate is called by kong.
func (c subscriptionRedeliverCommand) Validate() error {
	switch filtered := c.Failed || c.Held; {
	case len(c.Deliveries) == 0 && !filtered:
		return errors.New("name deliveries, or say --failed or --held")
	case len(c.Deliveries) > 0 && (filtered || !c.Since.IsZero()):
		return errors.New("ids and filters do not go together")
	}
	return nil
}

// Run delivers again.
func (c subscriptionRedeliverCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	what := inbox.Redelivery{IDs: c.Deliveries, Since: c.Since.Time}
	if c.Failed {
		what.States = append(what.States, inbox.DeliveryFailed)
	}
	if c.Held {
		what.States = append(what.States, inbox.DeliveryHeld)
	}
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Redeliver(ctx, c.ID, what) })
}

type subscriptionTestCommand struct {
	subscriptionID `embed:""`
	Wait           time.Duration `help:"End when nothing came of it for so long." default:"15s"`
}

func (subscriptionTestCommand) Help() string {
	return `Delivers an event of type subscription.test and shows what the endpoint answered. Ends with status 1 if it did not take it.

Examples:

  omni subscriptions test 01a20446-067f-7693-a288-fb8e3183780a`
}

// Run tests.
func (c subscriptionTestCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Test(ctx, c.ID, c.Wait) })
}

type subscriptionListenCommand struct {
	Address            string `help:"Host and port on this machine." default:"127.0.0.1:0"`
	subscriptionFilter `embed:""`
	Status             int  `help:"What to answer: another one than 2xx shows how deliveries are tried again." default:"204"`
	JSON               bool `help:"Write what comes as it is, one event a line." name:"json"`
}

func (subscriptionListenCommand) Help() string {
	return `Makes a subscription for an endpoint on this machine, verifies what comes and writes it, one line for each event. Ctrl-C ends it and forgets the
subscription.

Examples:

  omni subscriptions listen
  omni subscriptions listen --type message.created --json | jq .data.message.text
  omni subscriptions listen --status 503`
}

// Validate is called by kong.
func (c subscriptionListenCommand) Validate() error {
	if c.Status < 200 || c.Status > 599 {
		return errors.New("--status has to be one of HTTP's, from 200 to 599")
	}
	return nil
}

// Run listens.
func (c subscriptionListenCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error {
		return d.Listen(ctx, subscriptions.Listening{Address: c.Address, Types: c.Type, Only: c.Channel, Status: c.Status, JSON: c.JSON})
	})
}
