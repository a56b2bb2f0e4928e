package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/replay"
)

type replayCommand struct {
	Channel     string      `help:"Only webhooks of this channel." placeholder:"NAME"`
	Since       moment      `help:"Only webhooks that came in since: a time, a day, or how long ago, such as 36h or 7d." placeholder:"WHEN"`
	Until       moment      `help:"Only webhooks that came in before; without it, before now." placeholder:"WHEN"`
	Webhook     []uuid.UUID `help:"Only these webhooks." placeholder:"ID"`
	Limit       int         `help:"Most webhooks to read; 0: all."`
	Details     int         `help:"How many differences to show in full." default:"10"`
	Apply       bool        `help:"Write the differences over what is stored."`
	DatabaseURL string      `help:"Database of the webhooks; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (replayCommand) Help() string {
	return `Takes stored webhooks through today's Parse and Normalize and shows how the result differs from what is stored: after a new version of a
channel, or before. No secrets are needed and no platform is asked.

With --apply, what is missing is added and what is read differently is corrected, also what was dead and is understood now. Nothing is deleted,
no conversation is opened again and nobody is notified; clients that follow the feed are told to look again.

Examples:

  omni replay
  omni replay --channel whatsapp --since 7d --details 100
  omni replay --webhook 01a20446-067f-7693-a288-fb8e3183780a
  omni replay --since 2026-11-01 --until 2026-11-08 --apply`
}

// Validate is called by kong.
func (c replayCommand) Validate() error {
	if c.Limit < 0 || c.Details < 0 {
		return errors.New("--limit and --details cannot be negative")
	}
	return nil
}

func (c replayCommand) Run(ctx context.Context, std streams) error {
	inboxStore, _, err := openStore(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer inboxStore.Close()
	until := c.Until.Time
	if until.IsZero() {
		until = time.Now()
	}
	return replay.Run(ctx, inboxStore, replay.Streams{Report: std.out, Progress: std.err, Live: std.live}, replay.Options{
		Selection: inbox.WebhookSelection{IDs: c.Webhook, Channel: c.Channel, Since: c.Since.Time, Until: until},
		Limit:     c.Limit, Apply: c.Apply, Details: c.Details, Color: std.terminal,
	})
}
