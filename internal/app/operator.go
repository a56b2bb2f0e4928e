package app

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/blob"
	"omni/internal/queue"
)

// OpenSender makes a sender for the queues of a deployment at the urls, for an operator's command. Region and credentials come from the SDK's
// own environment variables and files.
func OpenSender(ctx context.Context, urls map[string]string) (*queue.Sender, error) {
	aws, err := loadAWS(ctx)
	if err != nil {
		return nil, err
	}
	return queue.NewSender(sqs.NewFromConfig(aws), urls, noBlobs{}), nil
}

// OpenFiles opens the files of messages at the location, as in FILES, for an operator's command.
func OpenFiles(ctx context.Context, location string) (blob.Files, error) {
	aws, err := loadAWS(ctx)
	if err != nil {
		return nil, err
	}
	return openFiles(aws, location)
}
