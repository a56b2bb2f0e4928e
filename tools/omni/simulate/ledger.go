package simulate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	platforms "omni/channels/simulate"
)

// State is how far the server got with an event that it stored.
type State string

// The states of a stored event. The last two are final.
const (
	Stored    State = "stored"
	Processed State = "processed"
	Dead      State = "dead"
)

// Ledger tells what the server has of the events that it should have.
type Ledger interface {
	// Lookup returns the state of each expected event of a channel that is stored, in the right thread. account stands for an
	// Account that is empty.
	Lookup(ctx context.Context, channel string, expected []platforms.Expected, account string) (map[platforms.Expected]State, error)
}

// Looking too often would slow down what is looked at.
const (
	lookEvery = 250 * time.Millisecond
	lookAt    = 1000 // events at once
)

// check looks up one channel's events.
type check struct {
	ledger   Ledger
	channel  string
	account  string
	progress *Progress
	every    time.Duration
}

// await looks until every event is in a final state, or nothing has changed for as long as patience lasts.
func (c *check) await(ctx context.Context, expected []platforms.Expected, patience time.Duration) (map[platforms.Expected]State, error) {
	states := map[platforms.Expected]State{}
	for open, changed := expected, time.Now(); ; {
		found, err := c.look(ctx, open)
		if err != nil {
			return nil, err
		}
		maps.Copy(states, found)
		before := len(open)
		open = slices.DeleteFunc(slices.Clone(open), func(e platforms.Expected) bool {
			return states[e] == Processed || states[e] == Dead
		})
		if done := before - len(open); done > 0 {
			c.progress.add(done)
			changed = time.Now()
		}
		if len(open) == 0 || time.Since(changed) >= patience {
			return states, nil
		}
		time.Sleep(c.every)
	}
}

func (c *check) look(ctx context.Context, expected []platforms.Expected) (map[platforms.Expected]State, error) {
	states := map[platforms.Expected]State{}
	for part := range slices.Chunk(expected, lookAt) {
		found, err := c.ledger.Lookup(ctx, c.channel, part, c.account)
		if err != nil {
			return nil, fmt.Errorf("looking for the events of %s in the database: %w", c.channel, err)
		}
		maps.Copy(states, found)
	}
	return states, nil
}
