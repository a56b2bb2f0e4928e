package main

import (
	"context"
	"fmt"

	"omni/internal/store"
)

type migrateCommand struct {
	DatabaseURL string `help:"Database to migrate; without it that of the running 'omni dev'." name:"database-url" placeholder:"URL" env:"DATABASE_URL"`
}

func (migrateCommand) Help() string {
	return `Applies the migrations that the database does not have yet. Run by several at once, they take turns. 'omni dev' and the deployment do this
by themselves.

Examples:

  omni migrate --database-url postgres://me@localhost/inbox
  DATABASE_URL=postgres://me@localhost/inbox omni migrate`
}

func (c migrateCommand) Run(ctx context.Context, std streams) error {
	url, err := databaseURL(c.DatabaseURL)
	if err != nil {
		return err
	}
	applied, err := store.Migrate(ctx, url)
	if err != nil {
		return err
	}
	for _, migration := range applied {
		fmt.Fprintf(std.out, "applied %05d %s\n", migration.Version, migration.Name)
	}
	fmt.Fprintln(std.out, "The schema is up to date.")
	return nil
}
