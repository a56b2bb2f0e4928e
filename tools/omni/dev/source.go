package dev

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/edge"
)

// queueAPI are the calls of SQS that an event source makes.
type queueAPI interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
}

// source is what stands in for Lambda's event source mapping: it polls a queue, calls a function with what comes, deletes what the function
// has done and leaves the rest for its visibility timeout.
// Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
type source struct {
	api      queueAPI
	queue    queueName
	region   string
	function edge.QueueHandler
	log      *slog.Logger
	pollers  int           // batches at once
	batch    int32         // messages at once; 0: as many as SQS hands out
	rest     time.Duration // after an error of SQS
}

const (
	batchSize = 10
	longPoll  = 20 // seconds; the longest that SQS allows
)

// run polls until the context ends and the batches under way are done.
func (s *source) run(ctx context.Context) {
	var pollers sync.WaitGroup
	for range s.pollers {
		pollers.Go(func() {
			for ctx.Err() == nil {
				s.poll(ctx)
			}
		})
	}
	pollers.Wait()
}

// poll takes one batch through the function.
func (s *source) poll(ctx context.Context) {
	received, err := s.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &s.queue.url, MaxNumberOfMessages: cmp.Or(s.batch, batchSize), WaitTimeSeconds: longPoll,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if ctx.Err() != nil && err != nil {
		return
	}
	if err != nil {
		s.log.Error("queue not read", "queue", s.queue.url, "error", err.Error())
		select {
		case <-ctx.Done():
		case <-time.After(s.rest):
		}
		return
	}
	if len(received.Messages) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx) // what is received is finished
	done, err := s.invoke(ctx, received.Messages)
	if err != nil {
		s.log.Error("function did not take a batch", "queue", s.queue.url, "messages", len(received.Messages), "error", err.Error())
		return
	}
	if err := s.delete(ctx, done); err != nil {
		s.log.Error("messages not deleted: they will come again", "queue", s.queue.url, "error", err.Error())
	}
}

// invoke calls the function and returns the messages that it has done. A report about a message that is not in the batch counts as an
// error of the whole batch, as in Lambda.
func (s *source) invoke(ctx context.Context, messages []types.Message) ([]types.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, functionTimeout)
	defer cancel()
	response, err := s.function(ctx, s.event(messages))
	if err != nil {
		return nil, err
	}
	failed := map[string]bool{}
	for _, failure := range response.BatchItemFailures {
		failed[failure.ItemIdentifier] = true
	}
	var done []types.Message
	for _, message := range messages {
		id := aws.ToString(message.MessageId)
		if !failed[id] {
			done = append(done, message)
		}
		delete(failed, id)
	}
	for stranger := range failed {
		return nil, fmt.Errorf("the function reports the failure of message %q, which is not in the batch", stranger)
	}
	return done, nil
}

// event makes of messages what Lambda makes of them.
func (s *source) event(messages []types.Message) events.SQSEvent {
	var event events.SQSEvent
	for _, message := range messages {
		record := events.SQSMessage{
			MessageId: aws.ToString(message.MessageId), ReceiptHandle: aws.ToString(message.ReceiptHandle),
			Body: aws.ToString(message.Body), Md5OfBody: aws.ToString(message.MD5OfBody),
			Md5OfMessageAttributes: aws.ToString(message.MD5OfMessageAttributes), Attributes: message.Attributes,
			MessageAttributes: map[string]events.SQSMessageAttribute{},
			EventSource:       "aws:sqs", EventSourceARN: s.queue.arn, AWSRegion: s.region,
		}
		for name, value := range message.MessageAttributes {
			record.MessageAttributes[name] = events.SQSMessageAttribute{
				StringValue: value.StringValue, BinaryValue: value.BinaryValue, DataType: aws.ToString(value.DataType),
			}
		}
		event.Records = append(event.Records, record)
	}
	return event
}

func (s *source) delete(ctx context.Context, done []types.Message) error {
	if len(done) == 0 {
		return nil
	}
	var entries []types.DeleteMessageBatchRequestEntry
	for i, message := range done { // the same message may be there twice
		entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: message.ReceiptHandle})
	}
	out, err := s.api.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &s.queue.url, Entries: entries})
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		return fmt.Errorf("%d of %d refused, first: %s", len(out.Failed), len(done), aws.ToString(out.Failed[0].Message))
	}
	return nil
}
