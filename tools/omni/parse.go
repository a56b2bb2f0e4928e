package main

import (
	"fmt"
	"io"
	"os"

	"omni/tools/omni/parse"
)

type parseCommand struct {
	Channel string `arg:"" help:"Name of the channel, such as whatsapp."`
	File    string `arg:"" optional:"" help:"File with the body; without one it is read from standard input."`
	Account string `help:"Credential account of the webhook's URL." default:"default"`
	JSON    bool   `help:"Write an array of objects: event, raw, and update or error." name:"json"`
}

func (parseCommand) Help() string {
	return `Takes a body as a platform sent it through the channel's Parse and Normalize, exactly as the server does. No server or database is
needed, and the signature is not looked at.

Examples:

  omni parse whatsapp webhook.json
  pbpaste | omni parse telegram
  omni parse instagram webhook.json --json | jq '.[].update.message.text'`
}

func (c parseCommand) Run(std streams) error {
	var body io.Reader = std.in
	if c.File != "" {
		file, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("reading the webhook body: %w", err)
		}
		defer file.Close()
		body = file
	} else if !std.piped {
		fmt.Fprintln(std.err, "Paste the webhook's body and end it with Ctrl-D:")
	}
	return parse.Run(body, std.out, parse.Options{Channel: c.Channel, Account: c.Account, JSON: c.JSON, Color: std.terminal && !c.JSON})
}
