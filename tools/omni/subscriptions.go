package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/tools/omni/subscriptions"
)

type subscriptionsCommand struct {
	List       subscriptionListCommand      `cmd:"" help:"List all subscriptions."`
	Add        subscriptionAddCommand       `cmd:"" help:"Let an endpoint be told of changes."`
	Show       subscriptionShowCommand      `cmd:"" help:"Show everything that is known of a subscription."`
	Update     subscriptionUpdateCommand    `cmd:"" help:"Change what a subscription wants, or where."`
	Rotate     subscriptionRotateCommand    `cmd:"" help:"Give a subscription another signing secret."`
	Disable    subscriptionDisableCommand   `cmd:"" help:"End deliveries; events are kept."`
	Enable     subscriptionEnableCommand    `cmd:"" help:"Deliver again."`
	Delete     subscriptionDeleteCommand    `cmd:"" help:"Forget a subscription and what waits for it."`
	Deliveries subscriptionHistoryCommand   `cmd:"" help:"Show what was delivered, what was not, and why."`
	Redeliver  subscriptionRedeliverCommand `cmd:"" help:"Deliver again what failed or was kept."`
	Test       subscriptionTestCommand      `cmd:"" help:"Deliver an event that says nothing, and show what comes of it."`
	Listen     subscriptionListenCommand    `cmd:"" help:"Be an endpoint on this machine, beside 'omni dev'."`

	DatabaseURL  string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
	MessageQueue string `help:"URL of the queue of messages; without it that of the running 'omni dev'." name:"message-queue-url" placeholder:"URL" env:"MESSAGE_QUEUE_URL"`
}

func (subscriptionsCommand) Help() string {
	return `A subscription is an HTTPS endpoint of the company that is told of every change, signed by the scheme of Standard Webhooks.

Examples:

  omni subscriptions listen
  omni subscriptions add https://shop.example/omni --type 'message.*'
  omni subscriptions list
  omni subscriptions deliveries 01a20446-067f-7693-a288-fb8e3183780a --state failed`
}

// at opens a desk for one call.
func (c subscriptionsCommand) at(ctx context.Context, std streams, do func(subscriptions.Desk) error) error {
	opened, url, err := openStore(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	sender, err := queuesOf(ctx, url, app.Queues{Live: c.MessageQueue})
	if err != nil {
		return err
	}
	d := subscriptions.Desk{Store: opened, Out: std.out}
	if sender != nil {
		d.Queue, d.Local = sender, c.MessageQueue == ""
	}
	err = do(d)
	if errors.Is(err, inbox.ErrNotFound) {
		return fmt.Errorf("%w: see `omni subscriptions list`", err)
	}
	return err
}

// subscriptionFilter are the flags that say what a subscription wants.
type subscriptionFilter struct {
	Type    []string `help:"Only events of this type, such as message.created, or of a family such as message.*; several with commas." placeholder:"TYPE"`
	Channel []string `help:"Only what happens on this channel; several with commas." placeholder:"NAME"`
}

// subscriptionID is the argument of most commands.
type subscriptionID struct {
	ID uuid.UUID `arg:"" help:"Id of the subscription, as the list has it."`
}

type subscriptionListCommand struct{}

func (subscriptionListCommand) Help() string {
	return "OPEN are deliveries that are on their way, HELD those that were kept because the subscription was disabled.\n\nExamples:\n\n  omni subscriptions list"
}

// Run lists.
func (subscriptionListCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.List(ctx) })
}

type subscriptionAddCommand struct {
	URL                string `arg:"" help:"Where to post events: https://..."`
	subscriptionFilter `embed:""`
	Description        string `help:"What it is for." placeholder:"TEXT"`
}

func (subscriptionAddCommand) Help() string {
	return `Makes a subscription and prints the secret with which its endpoint verifies what comes. Without filters it is told of everything.

Examples:

  omni subscriptions add https://shop.example/omni
  omni subscriptions add https://shop.example/omni --type message.created,message.updated --channel whatsapp --description "order desk"`
}

// Run adds.
func (c subscriptionAddCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error {
		return d.Add(ctx, inbox.Subscription{URL: c.URL, Types: c.Type, Channels: c.Channel, Description: c.Description})
	})
}

type subscriptionShowCommand struct {
	subscriptionID `embed:""`
}

func (subscriptionShowCommand) Help() string {
	return "Examples:\n\n  omni subscriptions show 01a20446-067f-7693-a288-fb8e3183780a"
}

// Run shows.
func (c subscriptionShowCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Show(ctx, c.ID) })
}

type subscriptionUpdateCommand struct {
	subscriptionID     `embed:""`
	URL                *string `help:"Post events here from now on." name:"url" placeholder:"URL"`
	subscriptionFilter `embed:""`
	AllTypes           bool    `help:"Events of all types."`
	AllChannels        bool    `help:"What happens on all channels."`
	Description        *string `help:"What it is for." placeholder:"TEXT"`
}

func (subscriptionUpdateCommand) Help() string {
	return `Changes what is named and leaves the rest as it is. What is on its way to the old URL still goes there, once.

Examples:

  omni subscriptions update 01a20446-067f-7693-a288-fb8e3183780a --url https://shop.example/v2/omni
  omni subscriptions update 01a20446-067f-7693-a288-fb8e3183780a --type 'message.*' --all-channels`
}

// Validate is called by kong.
func (c subscriptionUpdateCommand) Validate() error {
	switch {
	case c.AllTypes && len(c.Type) > 0:
		return errors.New("--type and --all-types do not go together")
	case c.AllChannels && len(c.Channel) > 0:
		return errors.New("--channel and --all-channels do not go together")
	case c.URL == nil && c.Description == nil && !c.AllTypes && !c.AllChannels && len(c.Type) == 0 && len(c.Channel) == 0:
		return errors.New("say what to change")
	}
	return nil
}

// Run updates.
func (c subscriptionUpdateCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	change := subscriptions.Change{URL: c.URL, Description: c.Description, Types: c.Type, Channels: c.Channel}
	if c.AllTypes {
		change.Types = []string{}
	}
	if c.AllChannels {
		change.Channels = []string{}
	}
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Update(ctx, c.ID, change) })
}

type subscriptionRotateCommand struct {
	subscriptionID `embed:""`
	Overlap        time.Duration `help:"For how long the old secret signs besides." default:"24h"`
}

func (subscriptionRotateCommand) Help() string {
	return `Prints the new secret. Until the overlap ends both sign, and a receiver accepts either: change it within that time. --overlap 0s is for a secret that
others know.

Examples:

  omni subscriptions rotate 01a20446-067f-7693-a288-fb8e3183780a
  omni subscriptions rotate 01a20446-067f-7693-a288-fb8e3183780a --overlap 0s`
}

// Validate is called by kong.
func (c subscriptionRotateCommand) Validate() error {
	if c.Overlap < 0 {
		return errors.New("--overlap cannot be negative")
	}
	return nil
}

// Run rotates.
func (c subscriptionRotateCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Rotate(ctx, c.ID, c.Overlap) })
}

type subscriptionDisableCommand struct {
	subscriptionID `embed:""`
	Reason         string `help:"Why, for whoever looks." default:"An operator disabled it." placeholder:"TEXT"`
}

func (subscriptionDisableCommand) Help() string {
	return `What is open and what happens from now on is kept until its retention: 'omni subscriptions enable' and 'redeliver --held' bring it.

Examples:

  omni subscriptions disable 01a20446-067f-7693-a288-fb8e3183780a --reason "the shop moves"`
}

// Run disables.
func (c subscriptionDisableCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Disable(ctx, c.ID, c.Reason) })
}

type subscriptionEnableCommand struct {
	subscriptionID `embed:""`
}

func (subscriptionEnableCommand) Help() string {
	return `Events that were kept while it was disabled stay where they are: 'omni subscriptions redeliver --held' delivers them.

Examples:

  omni subscriptions enable 01a20446-067f-7693-a288-fb8e3183780a`
}

// Run enables.
func (c subscriptionEnableCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Enable(ctx, c.ID) })
}

type subscriptionDeleteCommand struct {
	subscriptionID `embed:""`
	Yes            bool `help:"Do not ask." short:"y"`
}

func (subscriptionDeleteCommand) Help() string {
	return "Examples:\n\n  omni subscriptions delete 01a20446-067f-7693-a288-fb8e3183780a --yes"
}

// Run deletes.
func (c subscriptionDeleteCommand) Run(ctx context.Context, std streams, parent *subscriptionsCommand) error {
	return parent.at(ctx, std, func(d subscriptions.Desk) error { return d.Delete(ctx, c.ID, confirm(std, c.Yes)) })
}
