package main

import (
	"context"

	"omni/internal/app"
	"omni/tools/omni/dead"
	"omni/tools/omni/desk"
	"omni/tools/omni/state"
)

// openQueue finds the queues that belong to a database: the named ones, or those of the local server if the database is its own. Nil: none is
// known.
func (c deadRedriveCommand) openQueue(ctx context.Context, databaseURL string) (dead.Queue, error) {
	if c.MessageQueue != "" {
		sender, err := app.OpenSender(ctx, app.Queues{Live: c.MessageQueue, Bulk: c.BulkQueue}.URLs())
		if err != nil {
			return nil, err
		}
		return sender, nil
	}
	folder, err := state.Find()
	if err != nil {
		return nil, err
	}
	running, err := folder.Running()
	if err != nil || running.DatabaseURL != databaseURL {
		return nil, nil // the rows wait for the overdue check of whoever runs
	}
	return desk.LocalQueues(running)
}
