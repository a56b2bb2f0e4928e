package dev

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"omni/channels"
	"omni/tools/omni/state"
)

// greet says where everything is and what to try. missing is why there is no dashboard.
func greet(w io.Writer, running state.Dev, missing error) {
	fmt.Fprintf(w, "\nThe inbox is running.\n\n%s  database   %s\n  queue      %s\n  answers    %s\n  webhooks\n",
		pages(running, missing), running.DatabaseURL, running.QueueURL, takers(running))
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
  omni send       answers the customer who wrote last
Ctrl-C stops everything; the data stays.

`)
}

// pages says where to look at the inbox.
func pages(running state.Dev, missing error) string {
	switch {
	case errors.Is(missing, errNoDashboard):
		return ""
	case missing != nil:
		why, _, _ := strings.Cut(missing.Error(), "\n") // the rest was shown before
		return fmt.Sprintf("  dashboard  none: %s\n", why)
	case running.PlatformsURL == "":
		return fmt.Sprintf("  dashboard  %s/\n", browserURL(running.URL))
	}
	return fmt.Sprintf("  dashboard  %s/\n  simulator  %[1]s/simulator (be a customer on any channel)\n  demo site  %s/ (be a visitor of a company's own site)\n",
		browserURL(running.URL), browserURL(running.DemoURL))
}

// browserURL is the server's URL for a browser on this machine. One that listens on all addresses is there by its name.
func browserURL(server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	if address, err := netip.ParseAddr(u.Hostname()); err == nil && address.IsUnspecified() {
		u.Host = net.JoinHostPort("localhost", u.Port())
	}
	return u.String()
}

// takers says who takes the answers.
func takers(running state.Dev) string {
	if running.PlatformsURL == "" {
		return "go to the REAL platforms, with the tokens in the secrets file: customers get them"
	}
	return "are taken by simulated platforms at " + running.PlatformsURL + ": no customer gets them, and no token of yours is used"
}
