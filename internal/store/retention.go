package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"omni/gen/db"
)

// Expired is what became of a part of the logs that was kept long enough.
type Expired struct {
	Partition string  `json:"partition"`
	Outcome   Outcome `json:"outcome"`
	Rows      int     `json:"rows,omitempty"` // of those that are open or deleted
}

// Outcome says what became of a partition.
type Outcome string

// The outcomes. What is open or busy is tried again by the next call.
const (
	OutcomeDropped Outcome = "dropped" // the whole partition is gone
	OutcomeOpen    Outcome = "open"    // kept: that many rows in it or of its webhooks are not processed, or dead
	OutcomeBusy    Outcome = "busy"    // kept: somebody uses the log; later partitions of the log were not tried
	OutcomeDeleted Outcome = "deleted" // that many rows are gone that had no partition of their month
)

// strayBatch is how many rows one statement deletes.
const strayBatch = 1000

// LogTimes are the moments from before which the logs are dropped. Zero: all of a log stays.
type LogTimes struct{ Webhooks, Jobs time.Time }

// DropExpired drops what the logs hold from before some moments, as far as nobody needs it any more. With an error it returns what was done
// until then.
func (s *Store) DropExpired(ctx context.Context, before LogTimes) ([]Expired, error) {
	var all []Expired
	for _, log := range []struct {
		name   string
		before time.Time
	}{{"webhook_logs", before.Webhooks}, {"queue_logs", before.Jobs}} {
		if log.before.IsZero() {
			continue
		}
		expired, err := s.dropLog(ctx, log.name, log.before)
		all = append(all, expired...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func (s *Store) dropLog(ctx context.Context, log string, before time.Time) ([]Expired, error) {
	all, err := s.dropPartitions(ctx, log, before)
	if err != nil {
		return all, err
	}
	deleted, err := s.deleteStrays(ctx, log, before)
	if deleted > 0 {
		all = append(all, Expired{Partition: log + "_default", Outcome: OutcomeDeleted, Rows: deleted})
	}
	return all, err
}

func (s *Store) dropPartitions(ctx context.Context, log string, before time.Time) ([]Expired, error) {
	report, err := s.q.LogDropPartitions(ctx, db.LogDropPartitionsParams{Log: log, OlderThan: before})
	if err != nil || report == nil { // no partition is that old
		return nil, interpretError("dropping partitions of "+log, err)
	}
	var partitions []Expired
	if err := json.Unmarshal(report, &partitions); err != nil {
		return nil, fmt.Errorf("reading what became of the partitions of %s: %w", log, err)
	}
	return partitions, nil
}

func (s *Store) deleteStrays(ctx context.Context, log string, before time.Time) (deleted int, err error) {
	for {
		batch, err := s.q.LogDeleteStrays(ctx, db.LogDeleteStraysParams{Log: log, OlderThan: before, MaxRows: strayBatch})
		deleted += int(batch)
		if err != nil || batch < strayBatch {
			return deleted, interpretError("deleting old rows of "+log, err)
		}
	}
}
