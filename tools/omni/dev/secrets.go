package dev

import (
	"context"
	"crypto/rand"
	"strings"

	"omni/channels"
	"omni/tools/omni/secrets"
)

// DemoAccount is the credential account that is made for a channel whose webhook URL has to name one.
const DemoAccount = "demo"

// OwnAccount is the credential account that is made for a channel.
func OwnAccount(spec channels.Spec) string {
	if spec.Account == channels.AccountRequired {
		return DemoAccount
	}
	return channels.DefaultAccount
}

// EnsureSecrets completes the file so that every channel can verify webhooks, and names the channels for which it made secrets, also those
// before an error. What is there is kept. A channel without accounts gets one, with random values; what is only needed to send is left out,
// because only the platform can give it.
func EnsureSecrets(ctx context.Context, path string, specs []channels.Spec) (added []string, err error) {
	file := secrets.File{Path: path}
	for _, spec := range specs {
		var lacked bool
		err := secrets.Update(ctx, file, spec.Name, func(accounts secrets.Accounts) bool {
			lacked = complete(accounts, spec)
			return lacked
		})
		if err != nil {
			return added, err
		}
		if lacked {
			added = append(added, spec.Name)
		}
	}
	return added, nil
}

// simulatedOrigin is where the pages of simulated visitors are said to be.
const simulatedOrigin = "https://shop.example"

// complete gives the channel's own account what it lacks for Verify, and reports whether that was anything. It makes no account beside
// those that the operator has given the channel.
func complete(accounts secrets.Accounts, spec channels.Spec) bool {
	own := accounts[OwnAccount(spec)]
	if own == nil && len(accounts) > 0 {
		return false
	}
	if own == nil {
		own = map[string]secrets.Values{}
		accounts[OwnAccount(spec)] = own
	}
	given := channels.Secrets{}
	for name, values := range own {
		given[name] = values
	}
	missing := spec.Missing(given)
	for _, name := range missing {
		own[name] = secrets.Values{strings.ToLower(rand.Text())}
	}
	if channels.IsHosted(spec.Name) && len(given[channels.OriginsSecret]) == 0 {
		own[channels.OriginsSecret] = secrets.Values{simulatedOrigin}
		return true
	}
	return len(missing) > 0
}
