package main

import (
	"fmt"

	"omni/internal/store"
	"omni/tools/omni/state"
)

// openStore opens the store in the given database, or in that of the running local server, and returns the database's URL.
func openStore(given string) (opened *store.Store, url string, err error) {
	if url, err = databaseURL(given); err != nil {
		return nil, "", err
	}
	opened, err = store.Open(url, store.Options{})
	return opened, url, err
}

// databaseURL is the given one, or that of the running local server.
func databaseURL(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	folder, err := state.Find()
	if err != nil {
		return "", err
	}
	running, err := folder.Running()
	if err != nil {
		return "", fmt.Errorf("%w, or name a database with --database-url", err)
	}
	return running.DatabaseURL, nil
}
