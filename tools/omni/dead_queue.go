package main

import (
	"context"

	"omni/internal/app"
	"omni/tools/omni/dead"
)

// openQueue finds the queues that belong to a database. Nil: none is known.
func (c deadRedriveCommand) openQueue(ctx context.Context, databaseURL string) (dead.Queue, error) {
	sender, err := queuesOf(ctx, databaseURL, app.Queues{Live: c.MessageQueue, Bulk: c.BulkQueue})
	if sender == nil {
		return nil, err // and not a queue that is nil inside
	}
	return sender, nil
}
