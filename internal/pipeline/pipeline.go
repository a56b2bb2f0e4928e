// Package pipeline is the way of a message through the inside zone: ingest stores and queues what platforms send, process turns what is
// stored into conversations. It knows neither AWS nor SQL: what it needs of them are the small interfaces below.
package pipeline

import (
	"context"
	"fmt"
	"time"

	"omni/channels"
)

// Meter counts what happens, by channel. One call is one measurement of several counters.
type Meter interface {
	Count(channel string, counts map[string]int)
	// CountAged measures besides how old something was when it was done.
	CountAged(channel string, counts map[string]int, name string, age time.Duration)
}

// AllChannels stands for the channel in measurements that belong to none.
const AllChannels = "all"

// Names of the ages.
const (
	AgeProcessed = "processed_age" // from the webhook to the end of processing
	AgeOverdue   = "overdue_age"   // of the oldest job that was queued again
)

// Names of the counters.
const (
	CountReceived   = "received"    // webhooks that came in
	CountRefused    = "refused"     // webhooks with a wrong signature, an unknown account or too large a body
	CountParseError = "parse_error" // webhooks that were rightly signed and could not be read
	CountStored     = "stored"      // events stored for the first time
	CountDuplicate  = "duplicate"   // events that were stored already
	CountUnknown    = "unknown"     // events of a kind that we do not know
	CountSpilled    = "spilled"     // webhooks that went into the queue because the database did not take them
	CountFailed     = "failed"      // webhooks that could not be stored or queued, and were not accepted
	CountProcessed  = "processed"   // rows that became messages, statuses, ...
	CountDead       = "dead"        // rows that can never be processed as they are
	CountOverdue    = "overdue"     // jobs that nobody fulfilled in time and that were queued again
	CountDeadJob    = "dead_job"    // jobs that were given up
	CountNewUnknown = "new_unknown" // shapes of unknown events that were seen for the first time
)

// guarded runs a plugin's function and turns its panic into an error: one plugin's mistake must not take others' messages with it.
func guarded[T any](what string, run func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v", what, p)
		}
	}()
	return run()
}

// SecretSource reads the secrets of a channel: those of every credential account, by its name.
type SecretSource interface {
	Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error)
}
