package main

import (
	"omni/internal/queue"
	"omni/tools/omni/desk"
	"omni/tools/omni/state"
)

// queuesHere are those of the server that runs here, if the database is its own. Nil: none is known, and what is written waits for whoever runs to
// find it as overdue.
func queuesHere(database string) (*queue.Sender, error) {
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
