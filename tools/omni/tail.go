package main

import (
	"context"
	"time"

	"omni/tools/omni/tail"
)

type tailCommand struct {
	All         bool          `help:"Begin with the first change instead of now."`
	Follow      bool          `help:"Wait for what comes; --no-follow ends with the last change." default:"true" negatable:""`
	JSON        bool          `help:"Write an object for each change, one a line." name:"json"`
	Channel     string        `help:"Show only this channel." placeholder:"NAME"`
	Interval    time.Duration `help:"Time between two looks for something new." default:"500ms"`
	DatabaseURL string        `help:"Database to watch; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (tailCommand) Help() string {
	return `Shows the inbox's change feed, one line for each change:

  ←  a customer wrote      →  the business wrote      ·  anything else

Examples:

  omni tail
  omni tail --channel telegram
  omni tail --all --no-follow --json | jq -r 'select(.kind == "message.created").message.text'`
}

func (c tailCommand) Run(ctx context.Context, std streams) error {
	opened, _, err := openStore(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer opened.Close()
	return tail.Run(ctx, opened, std.out, tail.Options{
		All: c.All, Follow: c.Follow, JSON: c.JSON, Color: std.terminal, Channel: c.Channel, Interval: c.Interval,
	})
}
