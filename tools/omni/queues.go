package main

import (
	"context"

	"omni/internal/app"
	"omni/internal/queue"
	"omni/tools/omni/desk"
	"omni/tools/omni/state"
)

// queuesOf finds the queues that belong to a database: those that the command line names, or those of the server that runs here if the database is
// its own. Nil: none is known, and what is written waits for whoever runs to find it as overdue.
func queuesOf(ctx context.Context, database string, named app.Queues) (*queue.Sender, error) {
	if named != (app.Queues{}) {
		return app.OpenSender(ctx, named.URLs())
	}
	folder, err := state.Find()
	if err != nil {
		return nil, err
	}
	running, err := folder.Running()
	if err != nil || running.DatabaseURL != database {
		return nil, nil //nolint:nilerr // nothing runs here, or for another database
	}
	return desk.LocalQueues(running)
}
