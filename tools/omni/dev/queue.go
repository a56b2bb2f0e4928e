package dev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/queue/localsqs"
)

// messageQueue is the queue that wakes the processor. Its visibility timeout is how long a failed job waits for its next attempt.
const (
	messageQueue      = "messages.fifo"
	visibilityTimeout = functionTimeout + 5*time.Second
)

// queueName is how SQS calls a queue.
type queueName struct{ url, arn string }

// queues is the local SQS with the product's queues.
type queues struct {
	server   *localsqs.Server
	client   *sqs.Client
	messages queueName
}

// startQueues starts the server, with what it held when it last ended, and makes the queues it lacks.
func startQueues(ctx context.Context, journal string, log *slog.Logger) (*queues, error) {
	server, err := localsqs.Start(localsqs.Options{Journal: journal, Log: log})
	if err != nil {
		return nil, fmt.Errorf("starting the message queue: %w", err)
	}
	q := &queues{server: server, client: sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})}
	if q.messages, err = q.ensure(ctx, messageQueue); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return q, nil
}

// ensure makes a FIFO queue unless it exists, and names it.
func (q *queues) ensure(ctx context.Context, name string) (queueName, error) {
	made, err := q.client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{
		string(types.QueueAttributeNameFifoQueue):         "true",
		string(types.QueueAttributeNameVisibilityTimeout): strconv.Itoa(int(visibilityTimeout.Seconds())),
	}})
	if err != nil {
		return queueName{}, fmt.Errorf("making queue %s: %w", name, err)
	}
	found, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: made.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return queueName{}, fmt.Errorf("reading the attributes of queue %s: %w", name, err)
	}
	return queueName{url: aws.ToString(made.QueueUrl), arn: found.Attributes[string(types.QueueAttributeNameQueueArn)]}, nil
}
