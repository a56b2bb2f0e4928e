package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/tools/omni/media"
)

type mediaCommand struct {
	List  mediaListCommand  `cmd:"" help:"List the files of customers that are missing, and why."`
	Retry mediaRetryCommand `cmd:"" help:"Fetch files again."`

	DatabaseURL string `help:"Database of the inbox; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (mediaCommand) Help() string {
	return `Files that customers send are fetched from the platforms by themselves, again and again for a day. What cannot be had then waits for an operator:
remove the cause (secrets that are missing, mostly), then have it fetched again. What the platform no longer has is lost.

Examples:

  omni media list --state failed --since 7d
  omni media retry 01a20446-067f-7693-a288-fb8e3183780a
  omni media retry --all --channel whatsapp --state failed`
}

// mediaFilter are the flags that say which files are meant.
type mediaFilter struct {
	Channel string `help:"Only of this channel." placeholder:"NAME"`
	State   string `help:"Only in this state: waiting, gone, refused or failed." enum:",waiting,gone,refused,failed" default:""`
	Since   moment `help:"Only what has been wanted since: a time, a day, or how long ago, such as 36h or 7d." placeholder:"WHEN"`
	Reason  string `help:"Only reasons that contain this, in any case." placeholder:"TEXT"`
}

func (f mediaFilter) filter() inbox.FileFilter {
	return inbox.FileFilter{Channel: f.Channel, State: inbox.FileState(f.State), Since: f.Since.Time, Reason: f.Reason}
}

type mediaListCommand struct {
	mediaFilter `embed:""`
	Limit       int `help:"Most files in the table." default:"50"`
}

func (mediaListCommand) Help() string {
	return `Lists the attachments whose file we do not have, what was wanted last first. Waiting files are being tried; gone ones the platform no longer has;
refused ones are too large, or lie where the channel may not fetch them from; failed ones were given up after a day.

Examples:

  omni media list
  omni media list --channel whatsapp --state failed --since 7d`
}

// Validate is called by kong.
func (c mediaListCommand) Validate() error {
	if c.Limit < 1 {
		return errors.New("--limit has to be at least 1")
	}
	return nil
}

// Run lists.
func (c mediaListCommand) Run(ctx context.Context, std streams, parent *mediaCommand) error {
	opened, _, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return media.List(ctx, opened, std.out, c.filter(), c.Limit)
}

type mediaRetryCommand struct {
	IDs         []uuid.UUID `arg:"" optional:"" name:"id" help:"Ids of files, as the list has them."`
	All         bool        `help:"Everything that the filters find, instead of ids."`
	mediaFilter `embed:""`
	Yes         bool   `help:"Do not ask." short:"y"`
	MediaQueue  string `help:"URL of the queue of files; without it that of the running 'omni dev'." name:"media-queue-url" placeholder:"URL" env:"MEDIA_QUEUE_URL"`
}

func (mediaRetryCommand) Help() string {
	return `Makes files wanted from now on, for a day. Where no queue is at hand, the running product finds them as overdue within a few minutes.

Examples:

  omni media retry 01a20446-067f-7693-a288-fb8e3183780a
  omni media retry --all --channel whatsapp --reason credentials
  omni media retry --all --database-url "$DATABASE_URL" --media-queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/omni-media`
}

// Validate is called by kong.
func (c mediaRetryCommand) Validate() error {
	switch filtered := c.filter() != (inbox.FileFilter{}); {
	case len(c.IDs) == 0 && !c.All:
		return errors.New("name ids, or say --all with filters")
	case len(c.IDs) > 0 && (c.All || filtered):
		return errors.New("ids and filters do not go together")
	}
	return nil
}

// Run has files fetched again.
func (c mediaRetryCommand) Run(ctx context.Context, std streams, parent *mediaCommand) error {
	opened, url, err := openStore(parent.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	fetches, err := c.openQueue(ctx, url)
	if err != nil {
		return err
	}
	files := &pipeline.Files{Store: opened, Queue: fetches, Log: newLog(std, slog.LevelWarn), Now: time.Now}
	retrier := media.Retrier{Store: opened, Files: files, Out: std.out, Confirm: confirm(std, c.Yes)}
	if c.All {
		return retrier.ByFilter(ctx, c.filter())
	}
	return retrier.ByID(ctx, c.IDs)
}

// openQueue finds the queue that belongs to a database. Nil: none is known.
func (c mediaRetryCommand) openQueue(ctx context.Context, databaseURL string) (pipeline.FetchQueue, error) {
	sender, err := queuesOf(ctx, databaseURL, app.Queues{Media: c.MediaQueue})
	if sender == nil {
		return nil, err // and not an outbox of no queue
	}
	return queue.NewOutbox(sender, nil, time.Now), nil
}
