package main

import (
	"context"

	"omni/internal/app"
	"omni/tools/omni/dead"
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
	sender, err := queuesHere(databaseURL)
	if sender == nil {
		return nil, err // and not a queue that is nil inside
	}
	return sender, err
}
