package outside

import (
	"context"
	"time"
)

// leaving bounds an attempt to the most that it may take, and so that the margin is left of the function's time: what came of it has to be told.
func leaving(ctx context.Context, margin, most time.Duration) (context.Context, context.CancelFunc) {
	if deadline, limited := ctx.Deadline(); limited {
		most = min(most, time.Until(deadline)-margin)
	}
	return context.WithTimeout(ctx, most)
}
