package edge

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
)

// Then does something more each time that the function is done. In a Lambda it is the last moment for that: what runs on after the answer may be frozen.
func (h QueueHandler) Then(more func(context.Context)) QueueHandler {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		defer more(ctx)
		return h(ctx, batch)
	}
}

// Then does something more each time that the function has an answer, before anybody gets it.
func (h HTTPHandler) Then(more func(context.Context)) HTTPHandler {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		defer more(ctx)
		return h(ctx, event)
	}
}
