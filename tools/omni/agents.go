package main

import (
	"context"
	"errors"
	"fmt"

	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/users"
)

type agentsCommand struct {
	Add  agentsAddCommand  `cmd:"" help:"Invite somebody, or make them an administrator."`
	List agentsListCommand `cmd:"" help:"List who may sign in."`

	Prefix string `help:"Prefix of the stack." default:"omni" placeholder:"NAME"`
	Region string `help:"Region of the stack; without it, that of the AWS configuration." placeholder:"NAME"`
	AWS    bool   `hidden:"" name:"aws"` // other commands need it for a deployed stack; here it is the only kind
}

func (agentsCommand) Help() string {
	return `Agents of a deployed stack sign in by its Cognito user pool, to which nobody can add themselves. With 'omni dev' anybody may sign in as anyone,
and this command has nothing to do.

Examples:

  omni agents add ada@example.com --admin
  omni agents add ben@example.com --name "Ben Okafor" --prefix omni --region eu-central-1
  omni agents list`
}

// open finds the user pool.
func (c agentsCommand) open(ctx context.Context) (*users.Pool, error) {
	loaded, err := identity.Load(ctx, c.Region)
	if err != nil {
		return nil, err
	}
	if loaded.Region == "" {
		return nil, errors.New("no AWS region is known here: say --region, or set AWS_REGION")
	}
	pool, err := users.Open(ctx, loaded, c.Prefix)
	return pool, identity.Explain(err)
}

type agentsAddCommand struct {
	Email string `arg:"" help:"Address by which they sign in; the invitation goes there."`
	Name  string `help:"Name that customers' conversations show; without it the address."`
	Admin bool   `help:"They may change settings, other agents and subscriptions."`
}

func (agentsAddCommand) Help() string {
	return `Cognito sends an e-mail with a password for the first time. Somebody who is there already is not invited again; with --admin they become an
administrator, from their next sign-in on.

Examples:

  omni agents add ada@example.com --admin
  omni agents add ben@example.com --name "Ben Okafor"`
}

// Run adds.
func (c agentsAddCommand) Run(ctx context.Context, std streams, parent *agentsCommand) error {
	pool, err := parent.open(ctx)
	if err != nil {
		return err
	}
	added, err := pool.Add(ctx, users.User{Email: c.Email, Name: c.Name, Admin: c.Admin})
	if err != nil {
		return identity.Explain(err)
	}
	fmt.Fprintln(std.out, sayAdded(c.Email, added))
	return nil
}

func sayAdded(email string, added users.Added) string {
	switch {
	case added.Invited && added.Promoted:
		return email + " is invited, as an administrator."
	case added.Invited:
		return email + " is invited."
	case added.Promoted:
		return email + " is an administrator from the next sign-in on."
	}
	return email + " is there already; nothing was changed."
}

type agentsListCommand struct{}

func (agentsListCommand) Help() string {
	return `Those who are invited have not signed in yet.

Examples:

  omni agents list
  omni agents list --prefix omni --region eu-central-1`
}

// Run lists.
func (agentsListCommand) Run(ctx context.Context, std streams, parent *agentsCommand) error {
	pool, err := parent.open(ctx)
	if err != nil {
		return err
	}
	all, err := pool.Users(ctx)
	if err != nil {
		return identity.Explain(err)
	}
	return users.Print(std.out, all)
}
