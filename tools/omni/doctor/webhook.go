package doctor

import (
	"context"
	"errors"
	"strings"
	"time"

	"omni/channels"
	"omni/tools/omni/subscribe"
)

// webhook looks at what the platform has registered.
func (a account) webhook(ctx context.Context, s channels.Subscriber) []Finding {
	about := a.String() + " webhook"
	subscriptions, err := s.Subscriptions(ctx)
	switch {
	case errors.Is(err, channels.ErrMissingSecrets):
		return []Finding{found(Skipped, about, "", "its registration was not looked at: %v", err)}
	case err != nil:
		return []Finding{a.unanswered(about, err)}
	}
	findings := []Finding{a.registered(about, subscriptions)}
	for _, one := range subscriptions {
		findings = append(findings, a.deliveries(about, one)...)
	}
	return findings
}

// registered looks whether webhooks come, and come to us.
func (a account) registered(about string, subscriptions []channels.Subscription) Finding {
	for _, one := range subscriptions {
		if !one.Active {
			return found(Problem, about, a.register(), "nothing is registered on %s, so no webhooks come", one.On)
		}
	}
	destination := subscribe.Destination(subscriptions)
	if a.platforms.URL == "" {
		if strings.HasSuffix(destination, a.Spec.WebhookPath(a.Account)) {
			return ok(about, "registered, to %s", destination)
		}
		return found(Warning, about, a.register(), "webhooks go to %s, which is no address of this account", destination)
	}
	switch ours, err := subscribe.WebhookURL(a.platforms.URL, a.Target); {
	case err != nil:
		return found(Problem, about, "Give the address of the API, as the deploy shows it.", "%v", err)
	case destination != ours:
		return found(Problem, about, a.register(), "webhooks go to %s, not to %s", destination, ours)
	}
	return ok(about, "registered, to %s", destination)
}

// register says how the account's webhook is registered.
func (a account) register() string {
	url := a.platforms.URL
	if url == "" {
		url = "https://..."
	}
	return "Register it with `omni subscribe " + a.String() + " --url " + url + a.platforms.Store.Flags() + "`."
}

// deliveries looks at what the platform says of the webhooks that it sent.
func (a account) deliveries(about string, one channels.Subscription) (findings []Finding) {
	const look = "Look at the log of the webhook function; the platform sends again what failed."
	if one.LastError != "" && a.platforms.Now.Sub(one.LastErrorAt) < recent {
		findings = append(findings, found(Warning, about, look, "the platform could not deliver on %s: %s",
			one.LastErrorAt.Local().Format(time.DateTime), one.LastError))
	}
	if one.Waiting > backlog {
		findings = append(findings, found(Warning, about, look, "%d webhooks wait at the platform", one.Waiting))
	}
	return findings
}
