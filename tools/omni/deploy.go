package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"omni/tools/omni/deploy"
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/secrets"
)

// stackFlags say which stack a command is about and with what it is configured.
type stackFlags struct {
	Prefix        string   `help:"What every name of the stack begins with; without it, as in --var-file, or 'omni'." placeholder:"NAME"`
	Region        string   `help:"AWS region of the stack; without it, as in --var-file, or Terraform's default." placeholder:"NAME"`
	VarFile       []string `help:"File of Terraform variables; may be said again." name:"var-file" type:"existingfile" placeholder:"FILE" sep:"none"`
	Var           []string `help:"A Terraform variable; may be said again." placeholder:"NAME=VALUE" sep:"none"`
	State         string   `help:"File of a local state, to keep several stacks from one folder apart." type:"path" placeholder:"FILE"`
	BackendConfig []string `help:"A setting of the state's backend, or a file of them; may be said again." name:"backend-config" placeholder:"NAME=VALUE|FILE" sep:"none"`
	Terraform     string   `help:"Terraform to use, 1.11 or newer." default:"terraform" placeholder:"PATH"`
	Source        string   `help:"Folder of the repository." default:"." type:"existingdir"`
	DryRun        bool     `help:"Only show what would happen." name:"dry-run"`
}

func (f stackFlags) options(std streams) (deploy.Options, error) {
	o := deploy.Options{
		Source: f.Source, Terraform: f.Terraform, Prefix: f.Prefix, Region: f.Region,
		Vars: f.Var, VarFiles: f.VarFile, State: f.State, DryRun: f.DryRun,
		Who: func(ctx context.Context) (identity.Caller, error) { return whoAmI(ctx, f.Region) },
		Secrets: func(prefix, region string) (secrets.Store, error) {
			return openAWSSecrets(context.Background(), prefix, region)
		},
		Ask: asker(std), Out: std.out,
	}
	if std.live {
		o.Live = std.err
	}
	for _, config := range f.BackendConfig {
		absolute, err := backendConfig(config)
		if err != nil {
			return o, err
		}
		o.Backend = append(o.Backend, absolute)
	}
	return o, nil
}

// backendConfig makes the path of a file absolute, for Terraform runs in another folder. A setting stays as it is.
func backendConfig(given string) (string, error) {
	if strings.Contains(given, "=") {
		return given, nil
	}
	if _, err := os.Stat(given); err != nil {
		return "", fmt.Errorf("--backend-config %s is neither NAME=VALUE nor a file: %w", given, err)
	}
	return filepath.Abs(given)
}

func whoAmI(ctx context.Context, region string) (identity.Caller, error) {
	loaded, err := identity.Load(ctx, region)
	if err != nil {
		return identity.Caller{}, err
	}
	return identity.Check(ctx, loaded)
}

// asker asks on the terminal. The answer agrees if it is want, or yes when want is empty.
func asker(std streams) func(question, want string) (bool, error) {
	return func(question, want string) (bool, error) {
		if std.piped {
			return false, errors.New("nobody can be asked here: see the flags in --help that answer in advance")
		}
		if want == "" {
			question += " [y/N]"
		}
		fmt.Fprintf(std.out, "%s ", question)
		answer, err := bufio.NewReader(std.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("reading the answer: %w", err)
		}
		answer = strings.TrimSpace(answer)
		if want != "" {
			return answer == want, nil
		}
		return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes"), nil
	}
}

// confirm asks on the terminal, unless the answer is given already.
func confirm(std streams, yes bool) func(question string) (bool, error) {
	return func(question string) (bool, error) {
		if yes {
			return true, nil
		}
		return asker(std)(question, "")
	}
}

type deployCommand struct {
	stackFlags `embed:""`
	DatabaseCA string `help:"Certificates (PEM) that the functions are to know the database by." name:"database-ca" type:"existingfile" placeholder:"FILE"`
	NoBuild    bool   `help:"Deploy the functions that are in build/ already." name:"no-build"`
	Yes        bool   `help:"Do not ask, unless data would be destroyed." short:"y"`
	AllowLoss  bool   `help:"With --yes, do not ask when data is destroyed either." name:"allow-loss"`
}

func (deployCommand) Help() string {
	return `Builds the functions, shows what Terraform would do on your AWS account, asks, does it, and says what is left to do. Terraform 1.11 or newer and
AWS credentials have to be on this machine. After a failure, say it again: it goes on where it stopped.

Examples:

  omni deploy --dry-run
  omni deploy --region eu-central-1
  omni deploy --var-file terraform/examples/production.tfvars --yes
  omni deploy --prefix trial --state trial.tfstate --var 'database={deletion_protection=false}'
  omni deploy --backend-config key=omni/production.tfstate`
}

// Run deploys.
func (c deployCommand) Run(ctx context.Context, std streams) error {
	o, err := c.options(std)
	if err != nil {
		return err
	}
	o.DatabaseCA, o.Built, o.Yes, o.AllowLoss = c.DatabaseCA, c.NoBuild, c.Yes, c.AllowLoss
	return deploy.Run(ctx, o)
}

// openAWSSecrets opens the secrets of a stack. An empty prefix is Terraform's default, an empty region that of the AWS configuration.
func openAWSSecrets(ctx context.Context, prefix, region string) (secrets.Store, error) {
	loaded, err := identity.Load(ctx, region)
	if err != nil {
		return nil, err
	}
	if loaded.Region == "" {
		return nil, errors.New("no AWS region is known here: say --region, or set AWS_REGION")
	}
	return secrets.NewAWS(loaded, cmp.Or(prefix, "omni")), nil
}
