// Package patience tries what a part of the infrastructure cannot do now for as long as the caller has time.
package patience

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// margin is what is left of the caller's deadline for the way back.
const margin = 3 * time.Second

// The pauses between two tries.
const (
	firstPause = 50 * time.Millisecond
	longPause  = 2 * time.Second
)

// Retry does work until it succeeds, until its error is a [backoff.PermanentError], or until shortly before the context's deadline; without a deadline
// it does it once. The error is that of the last try.
func Retry(ctx context.Context, work func() error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, longPause
	limit := backoff.WithMaxTries(1)
	deadline, limited := ctx.Deadline()
	if left := time.Until(deadline) - margin; limited && left > 0 {
		limit = backoff.WithMaxElapsedTime(left)
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, work() }, backoff.WithBackOff(pauses), limit)
	return err
}
