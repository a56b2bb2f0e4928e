package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"omni/channels"
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/secrets"
	"omni/tools/omni/state"
)

type secretsCommand struct {
	Set   secretsSetCommand   `cmd:"" help:"Enter the secrets of a channel."`
	Check secretsCheckCommand `cmd:"" help:"Say which secrets are there and which are missing."`

	AWS    bool   `help:"The secrets of a deployed stack, in AWS Secrets Manager, instead of those of 'omni dev'." name:"aws"`
	Prefix string `help:"With --aws: prefix of the stack." default:"omni" placeholder:"NAME"`
	Region string `help:"With --aws: region of the stack; without it, that of the AWS configuration." placeholder:"NAME"`
	File   string `help:"Local file, instead of that of 'omni dev'." type:"path" placeholder:"FILE"`
}

func (secretsCommand) Help() string {
	return `A channel accepts webhooks only with the secrets that verify them, and answers only with the platform's token. The list of channels in
gen/CHANNELS.md has their names and where the platforms show them. Values are never printed and never taken from the command line.

Examples:

  omni secrets check
  omni secrets set telegram/support_bot
  omni secrets set whatsapp --aws --prefix omni --region eu-central-1`
}

// Validate is called by kong.
func (c secretsCommand) Validate() error {
	if c.AWS && c.File != "" {
		return errors.New("--aws and --file do not go together")
	}
	return nil
}

// open opens the secrets that the command is about.
func (c secretsCommand) open(ctx context.Context) (secrets.Store, error) {
	switch {
	case c.AWS:
		return openAWSSecrets(ctx, c.Prefix, c.Region)
	case c.File != "":
		return secrets.File{Path: c.File, Named: true}, nil
	}
	folder, err := state.Find()
	if err != nil {
		return nil, err
	}
	return secrets.File{Path: folder.Secrets()}, nil
}

type secretsSetCommand struct {
	Target string   `arg:"" name:"channel[/account]" help:"Channel, and credential account if it is not the default one: the last part of the webhook URL."`
	Names  []string `arg:"" optional:"" name:"name" help:"Secrets to enter; without any, all that the channel has."`
	From   string   `help:"JSON file with the values, {\"name\": \"value\"}; '-' is standard input." placeholder:"FILE"`
	Rotate bool     `help:"Keep accepting the value that was there, beside the new one, until the next change without --rotate."`
}

func (secretsSetCommand) Help() string {
	return `Asks for the values on the terminal without showing them, or reads them as JSON from standard input or a file. What is not entered stays as
it is. To rotate a secret: enter the new one with --rotate, change it at the platform, enter it again without --rotate.

Examples:

  omni secrets set whatsapp
  omni secrets set telegram/support_bot secret_token --rotate
  omni secrets set messenger --aws --from secrets.json
  vault kv get -format=json -field=data omni/whatsapp | omni secrets set whatsapp --aws`
}

// Run sets.
func (c secretsSetCommand) Run(ctx context.Context, std streams, parent *secretsCommand) error {
	target, err := secrets.ParseTarget(c.Target, channels.Specs())
	if err != nil {
		return err
	}
	store, err := parent.open(ctx)
	if err != nil {
		return err
	}
	given, err := c.values(ctx, std, store, target)
	if err != nil {
		return identity.Explain(err)
	}
	changed, err := secrets.Set(ctx, store, target, given, c.Rotate)
	if err != nil {
		return identity.Explain(err)
	}
	report(std.out, target, changed)
	return nil
}

func (c secretsSetCommand) values(ctx context.Context, std streams, store secrets.Store, target secrets.Target) (map[string]secrets.Values, error) {
	switch {
	case c.From == "-" || c.From == "" && std.piped:
		return secrets.FromJSON(std.in, target, c.Names)
	case c.From != "":
		file, err := os.Open(c.From)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return secrets.FromJSON(file, target, c.Names)
	}
	accounts, _, err := store.Read(ctx, target.Spec.Name)
	if err != nil {
		return nil, err
	}
	return secrets.Ask(std.out, target, c.Names, accounts[target.Account], func(prompt string) (string, error) {
		return secrets.ReadHidden(ctx, os.Stdin, std.out, prompt)
	})
}

func report(out io.Writer, target secrets.Target, changed []string) {
	if len(changed) == 0 {
		fmt.Fprintf(out, "%s: nothing changed.\n", target)
		return
	}
	fmt.Fprintf(out, "%s: %s entered. Running functions notice within minutes.\n", target, strings.Join(changed, ", "))
}

type secretsCheckCommand struct {
	Channel string `arg:"" optional:"" help:"Only this channel."`
}

func (secretsCheckCommand) Help() string {
	return `Lists the credential accounts of every channel with the names of their secrets, those that are missing, and those that nothing reads. Ends with
status 1 when an account cannot verify webhooks or holds a name that no channel knows, and for a channel that is named and has none.

Examples:

  omni secrets check
  omni secrets check telegram
  omni secrets check --aws --prefix omni --region eu-central-1`
}

// Run checks.
func (c secretsCheckCommand) Run(ctx context.Context, std streams, parent *secretsCommand) error {
	specs := channels.Specs()
	if c.Channel != "" {
		target, err := secrets.Find(c.Channel, specs)
		if err != nil {
			return err
		}
		specs = []channels.Spec{target}
	}
	store, err := parent.open(ctx)
	if err != nil {
		return err
	}
	reports, err := secrets.Check(ctx, store, specs)
	if err != nil {
		return identity.Explain(err)
	}
	secrets.Print(std.out, store, reports)
	wrong := func(r secrets.Report) bool { return r.Wrong() || c.Channel != "" && len(r.Accounts) == 0 }
	if slices.ContainsFunc(reports, wrong) {
		return errors.New("secrets are missing or unknown: see above")
	}
	return nil
}
