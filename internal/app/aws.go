package app

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// loadAWS reads region, credentials and endpoints from the SDK's own environment variables. It calls nobody.
func loadAWS(ctx context.Context) (aws.Config, error) {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return c, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	return c, nil
}

// What a webhook may wait for AWS. The platform waits too, and sends again what is not answered.
const (
	attemptBudget = 600 * time.Millisecond // of one attempt of a call
	retryPause    = 50 * time.Millisecond  // at most, before the second and last one
	queueBudget   = 1100 * time.Millisecond
)

// impatient makes clients give up in time for a platform that waits: by themselves they try for many seconds. The first attempt may hang on a
// connection that died while the function was frozen, so there is a second.
func impatient(c aws.Config) aws.Config {
	c.HTTPClient = awshttp.NewBuildableClient().WithTimeout(attemptBudget)
	c.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 2, retryPause })
	}
	return c
}

// boundedQueue ends what takes too long for a webhook, however many calls it needs. What is stored by then is queued when the platform sends
// it again, or as overdue.
type boundedQueue struct{ next pipeline.IngestQueue }

func (q boundedQueue) Send(ctx context.Context, jobs []inbox.Job) error {
	ctx, cancel := context.WithTimeout(ctx, queueBudget)
	defer cancel()
	return q.next.Send(ctx, jobs)
}

func (q boundedQueue) Spill(ctx context.Context, parts []inbox.Part) error {
	ctx, cancel := context.WithTimeout(ctx, queueBudget)
	defer cancel()
	return q.next.Spill(ctx, parts)
}
