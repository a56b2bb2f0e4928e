package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/tools/omni/accounts"
)

type channelsCommand struct {
	List      channelsListCommand      `cmd:"" help:"List the accounts, and whether they work."`
	Refresh   channelsRefreshCommand   `cmd:"" help:"Have the platforms asked now."`
	Templates channelsTemplatesCommand `cmd:"" help:"List the templates that the platforms keep."`

	DatabaseURL string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (channelsCommand) Help() string {
	return `The platforms are asked once a day, and with 'omni dev' every quarter of an hour, whether the credentials of each account work and which
templates it has. The commands show what they said.

Examples:

  omni channels list
  omni channels refresh
  omni channels templates --channel whatsapp --status approved`
}

type channelsListCommand struct{}

func (channelsListCommand) Help() string {
	return `An account is ok; refused: the platform does not take its credentials; missing_secrets: there are none to ask with; unreachable: the platform gave
no answer; or not known: nobody has asked yet. SERVES are the platform's ids of what it sends and receives for.

Examples:

  omni channels list
  omni channels list --database-url "$DATABASE_URL"`
}

// Run lists.
func (channelsListCommand) Run(ctx context.Context, std streams, parent *channelsCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return accounts.List(ctx, opened, std.out)
}

type channelsRefreshCommand struct {
	Wait          time.Duration `help:"How long to wait for answers." default:"30s"`
	OutboundQueue string        `help:"URL of the queues of answers in AWS, with {channel} for the channel's name." name:"outbound-queue" placeholder:"URL" env:"OUTBOUND_QUEUE_URL"`
}

func (channelsRefreshCommand) Help() string {
	return `Sends for news of every account, waits for what the platforms say and lists it. Ends with status 1 when some did not answer in time.

Examples:

  omni channels refresh
  omni channels refresh --database-url "$DATABASE_URL" --outbound-queue 'https://sqs.eu-central-1.amazonaws.com/123456789012/omni-outbound-{channel}.fifo'`
}

// Run refreshes.
func (c channelsRefreshCommand) Run(ctx context.Context, std streams, parent *channelsCommand) error {
	opened, database, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	queues, err := queuesOf(ctx, database, app.Queues{Outbound: c.OutboundQueue})
	if err != nil {
		return err
	}
	if queues == nil {
		return errors.New("no queue is known here: name those of the deployment with --outbound-queue, or start `omni dev`")
	}
	platforms := &pipeline.Platforms{Store: opened, Queue: queues, Log: newLog(std, slog.LevelWarn)}
	return accounts.Refresh(ctx, opened, platforms, std.out, accounts.Options{Wait: c.Wait, Every: 100 * time.Millisecond})
}

type channelsTemplatesCommand struct {
	Channel string `help:"Only of this channel." placeholder:"NAME"`
	Account string `help:"Only of this credential account." placeholder:"NAME"`
	Status  string `help:"Only in this status: approved, or the platform's word for why not, such as pending or rejected." placeholder:"STATUS"`
}

func (channelsTemplatesCommand) Help() string {
	return `TO FILL is what a message made of the template needs: gaps by number or by name, a file, the end of a link.

Examples:

  omni channels templates
  omni channels templates --account default --status approved
  omni send --template order_shipped --param Tuesday`
}

// Run lists.
func (c channelsTemplatesCommand) Run(ctx context.Context, std streams, parent *channelsCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return accounts.Templates(ctx, opened, std.out, accounts.Filter{
		CredentialAccount: inbox.CredentialAccount{Channel: c.Channel, Name: c.Account}, Status: c.Status,
	})
}
