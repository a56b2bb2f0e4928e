package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"omni/channels"
	"omni/channels/simulate"
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/secrets"
	"omni/tools/omni/subscribe"
)

type subscribeCommand struct {
	Target string `arg:"" name:"channel[/account]" help:"Channel, and credential account if it is not the default one: the last part of the webhook URL."`

	URL    string   `help:"Register the webhook at this address of the API, as the deploy shows it. The webhook's path is added." name:"url" placeholder:"https://..." xor:"action"`
	Check  bool     `help:"Only show what is registered." xor:"action"`
	Remove bool     `help:"End the webhooks of this account." xor:"action"`
	Events []string `help:"With --url: kinds of event to ask for, in the platform's words; without it, all that the channel understands." placeholder:"KIND"`
	OwnURL bool     `help:"With --url: leave the Meta app's own callback URL as it is, and give this WhatsApp Business Account one for itself." name:"own-url"`
	Yes    bool     `help:"Do not ask." short:"y"`

	secretsFlags `embed:""`
	platformFlag `embed:""`
}

// secretsFlags say where the secrets are, in the words of 'omni secrets'.
type secretsFlags struct {
	AWS    bool   `help:"Take the secrets of a deployed stack, in AWS Secrets Manager, instead of those of 'omni dev'." name:"aws"`
	Prefix string `help:"With --aws: prefix of the stack." default:"omni" placeholder:"NAME"`
	Region string `help:"With --aws: region of the stack; without it, that of the AWS configuration." placeholder:"NAME"`
	File   string `help:"Take the secrets from this file, instead of that of 'omni dev'." type:"path" placeholder:"FILE"`
}

// open opens the secrets as 'omni secrets' does.
func (f secretsFlags) open(ctx context.Context) (secrets.Store, error) {
	same := secretsCommand{AWS: f.AWS, Prefix: f.Prefix, Region: f.Region, File: f.File}
	if err := same.Validate(); err != nil {
		return nil, err
	}
	return same.open(ctx)
}

// platformFlag is for those who play the platforms themselves.
type platformFlag struct {
	Platform string `help:"Server that plays the platforms." name:"platform-url" hidden:"" placeholder:"URL"`
}

// client reaches the platforms; nil is the channels' own way.
func (f platformFlag) client() (channels.Doer, error) {
	if f.Platform == "" {
		return nil, nil
	}
	server, err := url.Parse(f.Platform)
	if err != nil {
		return nil, fmt.Errorf("--platform-url: %w", err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return simulate.Redirect(client, server), nil
}

func (subscribeCommand) Help() string {
	return `Tells a platform where to send an account's webhooks and which kinds of event: Telegram's setWebhook with the secret token; at Meta the app's
callback URL and the subscription of the Page, the Instagram account or the WhatsApp Business Account. Shows what was registered before and
what is now. Meta calls the URL while it is registered, so the webhook has to be deployed and its secrets entered.

One Meta app has one callback URL for each of its products. --remove ends the webhooks of the account and leaves that URL, which others may use.

Examples:

  omni subscribe telegram/support_bot --url https://abc123.execute-api.eu-central-1.amazonaws.com --aws
  omni subscribe whatsapp --url https://inbox.example.com --aws --prefix omni --region eu-central-1
  omni subscribe whatsapp/second --url https://inbox.example.com --own-url --aws
  omni subscribe messenger --check
  omni subscribe telegram/support_bot --remove --yes`
}

// Validate is called by kong.
func (c subscribeCommand) Validate() error {
	switch {
	case c.URL == "" && (c.OwnURL || len(c.Events) > 0):
		return errors.New("--own-url and --events need --url")
	case c.URL == "" && !c.Check && !c.Remove:
		return errors.New("say what to do: --url, --check or --remove")
	}
	return nil
}

// Run registers.
func (c subscribeCommand) Run(ctx context.Context, std streams) error {
	target, err := secrets.ParseTarget(c.Target, channels.Specs())
	if err != nil {
		return err
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	client, err := c.client()
	if err != nil {
		return err
	}
	options := subscribe.Options{Target: target, Action: c.action(), URL: c.URL, Events: c.Events, OwnURL: c.OwnURL}
	parts := subscribe.Parts{Store: store, HTTP: client, Out: std.out, Confirm: confirm(std, c.Yes)}
	return identity.Explain(subscribe.Run(ctx, options, parts))
}

func (c subscribeCommand) action() subscribe.Action {
	switch {
	case c.Check:
		return subscribe.Show
	case c.Remove:
		return subscribe.Remove
	}
	return subscribe.Register
}
