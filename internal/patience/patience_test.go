package patience

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"
)

var errDown = errors.New("it is down")

// tried counts the tries of work that succeeds with the n-th; 0: never.
func tried(ctx context.Context, succeeds int, failure error) (int, error) {
	tries := 0
	err := Retry(ctx, func() error {
		if tries++; tries == succeeds {
			return nil
		}
		return failure
	})
	return tries, err
}

func TestRetry(t *testing.T) {
	t.Parallel()
	within := func(d time.Duration) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		t.Cleanup(cancel)
		return ctx
	}
	for name, test := range map[string]struct {
		ctx      context.Context //nolint:containedctx // it is what differs
		succeeds int
		failure  error
		tries    int
		err      error
	}{
		"at once":                     {within(time.Minute), 1, errDown, 1, nil},
		"in time":                     {within(time.Minute), 3, errDown, 3, nil},
		"of no use":                   {within(time.Minute), 3, backoff.Permanent(errDown), 1, errDown},
		"no deadline":                 {t.Context(), 3, errDown, 1, errDown},
		"no time beyond the way back": {within(margin / 2), 3, errDown, 1, errDown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tries, err := tried(test.ctx, test.succeeds, test.failure)
			if tries != test.tries || !errors.Is(err, test.err) {
				t.Errorf("%d tries, %v; want %d, %v", tries, err, test.tries, test.err)
			}
		})
	}
}

func TestItEndsInTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), margin+200*time.Millisecond)
	defer cancel()
	if tries, err := tried(ctx, 0, errDown); tries < 2 || !errors.Is(err, errDown) || ctx.Err() != nil {
		t.Errorf("%d tries, %v, context: %v", tries, err, ctx.Err())
	}
}
