package app

import (
	"context"
	"time"

	"omni/internal/store"
)

// dropExpired drops what the logs hold from before the retention and says in the log what became of each part.
func (p Parts) dropExpired(ctx context.Context) ([]store.Expired, error) {
	if p.RetentionDays == 0 {
		return nil, nil
	}
	expired, err := p.Store.DropExpired(ctx, time.Now().UTC().AddDate(0, 0, -p.RetentionDays))
	for _, e := range expired {
		p.Log.Info("a part of the logs is past its retention", "partition", e.Partition, "outcome", e.Outcome, "rows", e.Rows)
	}
	return expired, err
}
