package app

import (
	"context"
	"errors"

	"omni/internal/store"
)

// dropExpired drops what the logs hold from before the retention, what subscribers were told before it and what the feed told, and says in the log what became of each
// part.
func (p Parts) dropExpired(ctx context.Context) ([]store.Expired, error) {
	if p.RetentionDays == 0 {
		return nil, nil
	}
	before := p.clock()().UTC().AddDate(0, 0, -p.RetentionDays)
	expired, err := p.Store.DropExpired(ctx, before)
	for _, e := range expired {
		p.Log.Info("a part of the logs is past its retention", "partition", e.Partition, "outcome", e.Outcome, "rows", e.Rows)
	}
	events, eventErr := p.Store.ExpireEvents(ctx, before)
	if events > 0 {
		p.Log.Info("events for subscribers are past their retention", "events", events)
	}
	changes, feedErr := p.Store.ExpireFeed(ctx, before)
	if changes > 0 {
		p.Log.Info("changes of the feed are past their retention", "changes", changes)
	}
	return expired, errors.Join(err, eventErr, feedErr)
}
