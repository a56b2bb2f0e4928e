package main

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/dead"
)

type deadCommand struct {
	List    deadListCommand    `cmd:"" help:"List what could not be processed."`
	Show    deadShowCommand    `cmd:"" help:"Show everything that is known of one dead letter."`
	Redrive deadRedriveCommand `cmd:"" help:"Send dead letters on their way again."`

	DatabaseURL string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (deadCommand) Help() string {
	return `A dead letter is an event that nobody could process, with its bytes and its reason, or a job that died in its queue. It waits for an operator:
repair the cause, then redrive it.

Examples:

  omni dead list --since 24h
  omni dead show 01a20446-067f-7693-a288-fb8e3183780a
  omni dead redrive --all --reason "no such type"`
}

// deadFilter are the flags that say which dead letters are meant.
type deadFilter struct {
	Channel string `help:"Only of this channel." placeholder:"NAME"`
	Kind    string `help:"Only of this kind: message, status, reaction, edit, delete, read, system, unknown, or job." placeholder:"KIND"`
	Since   moment `help:"Only what died since: a time, a day, or how long ago, such as 36h or 7d." placeholder:"WHEN"`
	Reason  string `help:"Only reasons that contain this, in any case." placeholder:"TEXT"`
}

func (f deadFilter) filter() inbox.DeadFilter {
	return inbox.DeadFilter{Channel: f.Channel, Kind: f.Kind, Since: f.Since.Time, Reason: f.Reason}
}

type deadListCommand struct {
	deadFilter `embed:""`
	Limit      int `help:"Most dead letters in the table." default:"50"`
}

func (deadListCommand) Help() string {
	return `Counts the dead letters by reason and lists them, what died last first.

Examples:

  omni dead list
  omni dead list --channel telegram --kind message --since 7d
  omni dead list --reason "normalizing" --limit 500`
}

// Validate is called by kong.
func (c deadListCommand) Validate() error {
	if c.Limit < 1 {
		return errors.New("--limit has to be at least 1")
	}
	return nil
}

// Run lists.
func (c deadListCommand) Run(ctx context.Context, std streams, parent *deadCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return dead.List(ctx, opened, std.out, c.filter(), c.Limit)
}

type deadShowCommand struct {
	ID uuid.UUID `arg:"" help:"Id of the dead letter, as the list has it."`
}

func (deadShowCommand) Help() string {
	return `Shows why it died, where it came from, what the platform sent and what today's code makes of that.

Examples:

  omni dead show 01a20446-067f-7693-a288-fb8e3183780a`
}

// Run shows.
func (c deadShowCommand) Run(ctx context.Context, std streams, parent *deadCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return dead.Show(ctx, opened, std.out, c.ID, std.terminal)
}

type deadRedriveCommand struct {
	IDs          []uuid.UUID `arg:"" optional:"" name:"id" help:"Ids of dead letters."`
	All          bool        `help:"Everything that the filters find, instead of ids."`
	deadFilter   `embed:""`
	Yes          bool   `help:"Do not ask." short:"y"`
	MessageQueue string `help:"URL of the queue of messages; without it that of the running 'omni dev'." name:"message-queue-url" placeholder:"URL" env:"MESSAGE_QUEUE_URL"`
	BulkQueue    string `help:"URL of the queue of receipts and history; without it, they share the other." name:"bulk-queue-url" placeholder:"URL" env:"BULK_QUEUE_URL"`
}

func (deadRedriveCommand) Help() string {
	return `Shows what is meant and asks. Then the rows wait to be processed again, marked as redriven, and a new job for each of their lanes is queued. A
dead job is sent to its queue again as it was.

Rows are processed from the bytes that are kept with them. After a repair of Parse, 'omni replay --apply' is the command to use.

Examples:

  omni dead redrive 01a20446-067f-7693-a288-fb8e3183780a
  omni dead redrive --all --channel whatsapp --reason "no such type"
  omni dead redrive --all --kind job --yes
  omni dead redrive --all --database-url "$DATABASE_URL" --message-queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/omni-messages.fifo`
}

// Validate is called by kong.
func (c deadRedriveCommand) Validate() error {
	switch filtered := c.filter() != (inbox.DeadFilter{}); {
	case len(c.IDs) == 0 && !c.All:
		return errors.New("name ids, or say --all with filters")
	case len(c.IDs) > 0 && (c.All || filtered):
		return errors.New("ids and filters do not go together")
	case c.BulkQueue != "" && c.MessageQueue == "":
		return errors.New("--bulk-queue-url needs --message-queue-url")
	}
	return nil
}

// Run redrives.
func (c deadRedriveCommand) Run(ctx context.Context, std streams, parent *deadCommand) error {
	opened, url, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	queue, err := c.openQueue(ctx, url)
	if err != nil {
		return err
	}
	redriver := dead.Redriver{Store: opened, Queue: queue, Out: std.out, Confirm: confirm(std, c.Yes)}
	if c.All {
		return redriver.ByFilter(ctx, c.filter())
	}
	return redriver.ByID(ctx, c.IDs)
}
