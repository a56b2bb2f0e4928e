package dev

import (
	"fmt"
	"io"

	"omni/channels"
	"omni/tools/omni/state"
)

// greet says where everything is and what to try.
func greet(w io.Writer, running state.Dev) {
	fmt.Fprintf(w, "\nThe inbox is running.\n\n  database  %s\n  queue     %s\n  webhooks\n", running.DatabaseURL, running.QueueURL)
	for _, spec := range channels.Specs() {
		paths := spec.WebhookPaths()
		path := paths[0]
		if spec.Account == channels.AccountRequired {
			path = "/webhooks/" + spec.Name + "/" + DemoAccount
		}
		fmt.Fprintf(w, "    %-10s %s%s\n", spec.Name, running.URL, path)
	}
	fmt.Fprint(w, `
Try in another terminal:
  omni simulate   plays customers on every channel and checks that nothing is lost
  omni tail       shows the conversations as they happen
Ctrl-C stops everything; the data stays.

`)
}
