// Package subscribe registers a channel's webhook with its platform, and shows what is registered.
package subscribe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"omni/channels"
	"omni/tools/omni/secrets"
)

// Options say what is to be done for which account.
type Options struct {
	Target secrets.Target
	Action Action
	URL    string   // address of the API, or of the webhook itself; for Register
	Events []string // kinds of event; nil: all that the channel understands
	OwnURL bool     // the URL is for this account alone
}

// Action is what is to be done.
type Action int

// The actions.
const (
	Show Action = iota
	Register
	Remove
)

// Parts are what a run works with.
type Parts struct {
	Store   secrets.Store
	HTTP    channels.Doer // nil: the channel's own
	Out     io.Writer
	Confirm func(question string) (bool, error)
}

// Run shows what is registered, and changes it as told.
func Run(ctx context.Context, o Options, p Parts) error {
	callback := channels.Callback{Events: o.Events, OwnURL: o.OwnURL}
	var err error
	if o.Action == Register {
		if callback.URL, err = WebhookURL(o.URL, o.Target); err != nil {
			return err
		}
	}
	channel, err := Open(ctx, p.Store, o.Target, p.HTTP)
	if err != nil {
		return err
	}
	subscriber, ok := channel.(channels.Subscriber)
	if !ok {
		return fmt.Errorf("%s has no API to register a webhook with: channels/%s/README.md says how it is done by hand",
			o.Target.Spec.Title, o.Target.Spec.Name)
	}
	return hint(run(ctx, o, callback, subscriber, p), o.Target, p.Store)
}

// Open opens the channel of an account with its secrets.
func Open(ctx context.Context, store secrets.Store, target secrets.Target, client channels.Doer) (channels.Channel, error) {
	accounts, _, err := store.Read(ctx, target.Spec.Name)
	if err != nil {
		return nil, err
	}
	stored, ok := accounts[target.Account]
	if !ok {
		return nil, fmt.Errorf("there are no secrets of %s: enter them with `%s`", target, secrets.SetCommand(store, target.Spec, target.Account))
	}
	values := channels.Secrets{}
	for name, value := range stored {
		values[name] = value
	}
	return channels.Open(target.Spec.Name, channels.Env{Account: target.Account, Secrets: values, HTTP: client})
}

// hint says what an operator can do about an error.
func hint(err error, target secrets.Target, store secrets.Store) error {
	command := secrets.SetCommand(store, target.Spec, target.Account)
	switch {
	case errors.Is(err, channels.ErrMissingSecrets):
		return fmt.Errorf("%w: enter them with `%s`", err, command)
	case errors.Is(err, channels.ErrCredentials):
		return fmt.Errorf("%w\nThe platform refuses the credentials: check them there, and enter them again with `%s`", err, command)
	}
	return err
}

func run(ctx context.Context, o Options, callback channels.Callback, s channels.Subscriber, p Parts) error {
	before, err := s.Subscriptions(ctx)
	if err != nil {
		return err
	}
	if o.Action == Show {
		return show(p.Out, fmt.Sprintf("Registered for %s:", o.Target), before)
	}
	if err := show(p.Out, fmt.Sprintf("Registered for %s before:", o.Target), before); err != nil {
		return err
	}
	question, change := plan(o, callback, before, s)
	if question != "" {
		if sure, err := p.Confirm(question); err != nil || !sure {
			fmt.Fprintln(p.Out, "Nothing was done.")
			return err
		}
	}
	if err := change(ctx); err != nil {
		return err
	}
	after, err := s.Subscriptions(ctx)
	if err != nil {
		return err
	}
	if err := show(p.Out, "Registered now:", after); err != nil {
		return err
	}
	return verify(o.Action, callback.URL, after)
}

// plan is what has to be asked, if anything, and what is then done.
func plan(o Options, callback channels.Callback, before []channels.Subscription, s channels.Subscriber) (string, func(context.Context) error) {
	if o.Action == Remove {
		return fmt.Sprintf("End the webhooks of %s?", o.Target), s.Unsubscribe
	}
	register := func(ctx context.Context) error { return s.Subscribe(ctx, callback) }
	if old := Destination(before); old != "" && old != callback.URL {
		return fmt.Sprintf("Webhooks go to %s. Send them to %s instead?", old, callback.URL), register
	}
	return "", register
}

// verify checks that the platform has what it confirmed.
func verify(action Action, callback string, after []channels.Subscription) error {
	switch {
	case action == Register && !Complete(after):
		return errors.New("the platform took the registration and does not show all of it: look again in a minute with --check")
	case action == Register && Destination(after) != callback:
		return fmt.Errorf("the platform took the registration and still shows %s: look again in a minute with --check", Destination(after))
	case action == Remove && Complete(after):
		return errors.New("the platform took the removal and still shows the registration: look again in a minute with --check")
	}
	return nil
}

// Destination is where webhooks go: what a later subscription says prevails. Empty: nowhere.
func Destination(subscriptions []channels.Subscription) string {
	destination := ""
	for _, s := range subscriptions {
		if s.Active && s.URL != "" {
			destination = s.URL
		}
	}
	return destination
}

// Complete tells whether every part of a registration is there.
func Complete(subscriptions []channels.Subscription) bool {
	for _, s := range subscriptions {
		if !s.Active {
			return false
		}
	}
	return len(subscriptions) > 0
}

// WebhookURL is the address of an account's webhook. The address of the API is enough; one that already is a webhook's has to be this one's.
func WebhookURL(given string, target secrets.Target) (string, error) {
	path := target.Spec.WebhookPath(target.Account)
	address, err := url.Parse(given)
	switch {
	case err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil:
		return "", fmt.Errorf("--url %q: want an https address, such as https://api.example.com", given)
	case address.RawQuery != "" || address.Fragment != "":
		return "", fmt.Errorf("--url %q: want an address without ? and #", given)
	case strings.HasSuffix(address.Path, path):
		return address.String(), nil
	case strings.Contains(address.Path, "/webhooks/"):
		return "", fmt.Errorf("--url %q: the webhook of %s is %s", given, target, path)
	}
	return strings.TrimSuffix(address.String(), "/") + path, nil
}
