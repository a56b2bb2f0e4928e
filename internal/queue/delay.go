package queue

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// DelayAPI is the call of SQS that a Delayer makes.
type DelayAPI interface {
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
}

// Delayer decides when messages that could not be processed come again.
type Delayer struct {
	api  DelayAPI
	urls []string
}

// NewDelayer makes a delayer for messages of the queues at the urls.
func NewDelayer(api DelayAPI, urls ...string) *Delayer { return &Delayer{api: api, urls: urls} }

// Delay hides a received message for that long, in whole seconds.
func (d *Delayer) Delay(ctx context.Context, queueARN, receiptHandle string, delay time.Duration) error {
	url, err := d.url(queueARN)
	if err != nil {
		return err
	}
	_, err = d.api.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &url, ReceiptHandle: &receiptHandle, VisibilityTimeout: int32(delay.Seconds()),
	})
	return err
}

// url finds the queue that an ARN means: both end in its name.
func (d *Delayer) url(queueARN string) (string, error) {
	name := queueARN[strings.LastIndex(queueARN, ":")+1:]
	for _, url := range d.urls {
		if strings.HasSuffix(url, "/"+name) {
			return url, nil
		}
	}
	return "", fmt.Errorf("no queue is called %q", name)
}
