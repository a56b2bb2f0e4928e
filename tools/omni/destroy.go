package main

import (
	"context"

	"omni/tools/omni/deploy"
)

type destroyCommand struct {
	stackFlags `embed:""`
	Confirm    string `help:"The prefix of the stack, to destroy it without being asked." placeholder:"PREFIX"`
}

func (destroyCommand) Help() string {
	return `Removes everything that 'omni deploy' made, with every conversation in it, after you have typed the stack's prefix. A database that is protected
against deletion is left alone until a deploy has lifted that. Say the same variables and the same state as to 'omni deploy'.

Examples:

  omni destroy --dry-run
  omni destroy --var-file terraform/examples/small.tfvars
  omni destroy --prefix trial --state trial.tfstate --confirm trial`
}

// Run destroys.
func (c destroyCommand) Run(ctx context.Context, std streams) error {
	o, err := c.options(std)
	if err != nil {
		return err
	}
	return deploy.Destroy(ctx, o, c.Confirm)
}
