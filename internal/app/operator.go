package app

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/queue"
)

// OpenSender makes a sender for the queues of a deployment at the urls, for an operator's command. Region and credentials come from the SDK's
// own environment variables and files.
func OpenSender(ctx context.Context, urls map[string]string) (*queue.Sender, error) {
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	return queue.NewSender(sqs.NewFromConfig(aws), urls, noBlobs{}), nil
}
