package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"

	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/queue"
)

// Pusher is the function behind the queue of what open dashboards are told. What it cannot post it drops: only what is no push comes again, until it
// is given up.
func (p OutsideParts) Pusher() edge.QueueHandler {
	pusher := &outside.Pusher{Poster: p.Connections, Gone: p.Queue, Log: p.Log, Now: p.clock()}
	return edge.Batch(p.Log, p.Delayer, func(ctx context.Context, messages []edge.Message) []error {
		errs := make([]error, len(messages))
		var pushes []inbox.Push
		for i, m := range messages {
			task, err := queue.Decode(ctx, m.Body, noBlobs{})
			switch {
			case err != nil:
				errs[i] = err
			case task.Push == nil:
				errs[i] = queue.ErrUnreadable
			default:
				pushes = append(pushes, *task.Push)
			}
		}
		pusher.Push(ctx, pushes)
		return errs
	})
}

// RunPusher runs the pusher function in a Lambda, for good.
func RunPusher() { runOutside("pusher", OutsideParts.Pusher) }

// What one post to a connection may take.
const (
	postBudget = 2 * time.Second
	postConns  = 64 // that are kept to the gateway: more than there are posts at once
)

// PostAPI is the call of a WebSocket API's management that posts to a connection.
type PostAPI interface {
	PostToConnection(context.Context, *apigatewaymanagementapi.PostToConnectionInput, ...func(*apigatewaymanagementapi.Options)) (
		*apigatewaymanagementapi.PostToConnectionOutput, error)
}

// NewConnections makes a client of the connections of a WebSocket API at a URL: that of its stage, with the scheme https. A post is tried twice: the first
// time the HTTP connection may have died while the function was frozen.
func NewConnections(config aws.Config, url string) PostAPI {
	return apigatewaymanagementapi.NewFromConfig(config, func(o *apigatewaymanagementapi.Options) {
		o.BaseEndpoint = &url
		o.HTTPClient = awshttp.NewBuildableClient().WithTimeout(postBudget).WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = postConns, postConns
		})
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 2, retryPause })
	})
}

// Connections posts to the connections of a WebSocket API.
type Connections struct{ API PostAPI }

// Post implements [outside.Poster].
func (c Connections) Post(ctx context.Context, connection string, frame []byte) error {
	_, err := c.API.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &connection, Data: frame})
	var gone *types.GoneException
	var throttled *types.LimitExceededException
	switch {
	case errors.As(err, &gone):
		return outside.ErrGone
	case errors.As(err, &throttled):
		return outside.ErrThrottled
	}
	return err
}
