// Package queue carries jobs on Amazon SQS FIFO queues. A job's group is its lane: SQS hands out the jobs of a group one after the other.
package queue

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"

	"omni/internal/inbox"
)

// Limits of SQS's SendMessageBatch (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html), and of how
// many such calls run at once.
const (
	maxEntries = 10
	maxBytes   = 1 << 20 // of all bodies of a call together, and so of one
	maxCalls   = 4
)

// SendAPI is the call of SQS that a Sender makes.
type SendAPI interface {
	SendMessageBatch(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
}

// Blobs keeps what is too large for a message.
type Blobs interface {
	Put(ctx context.Context, key string, content []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// Sender puts jobs on their queues.
type Sender struct {
	api   SendAPI
	urls  map[string]string
	blobs Blobs
}

// NewSender makes a sender for the FIFO queues at the urls, by their names in inbox.Job. blobs takes bodies above SQS's limit.
func NewSender(api SendAPI, urls map[string]string, blobs Blobs) *Sender {
	return &Sender{api: api, urls: urls, blobs: blobs}
}

// Send puts jobs on their queues. Nil means that SQS has all of them. After an error some may be there: sending them again within five
// minutes is harmless, because the deduplication id is the job's id and attempt.
func (s *Sender) Send(ctx context.Context, jobs []inbox.Job) error {
	messages := make([]message, len(jobs))
	for i, job := range jobs {
		body, err := encodeWake(job)
		if err != nil {
			return err
		}
		messages[i] = message{job: job, body: body}
	}
	return s.send(ctx, messages)
}

// Spill puts parts of webhooks on the queues of their lanes, with the same promise as Send.
func (s *Sender) Spill(ctx context.Context, parts []inbox.Part) error {
	messages := make([]message, len(parts))
	for i, part := range parts {
		body, err := s.encodePart(ctx, part)
		if err != nil {
			return err
		}
		messages[i] = message{job: part.Job, body: body}
	}
	return s.send(ctx, messages)
}

// message is a job with the body that carries it.
type message struct {
	job  inbox.Job
	body string
	// about tells messages apart that concern the same attempt at a job; empty for the job itself.
	about string
	// loose messages are for a standard queue, which knows neither groups nor repetitions.
	loose bool
}

// group is the message's place in a FIFO queue; empty for a loose one.
func (m message) group() string {
	if m.loose {
		return ""
	}
	return m.job.Group()
}

// dedup is the id by which a FIFO queue knows a message that it has had in the last five minutes; empty for a loose one.
func (m message) dedup() string {
	if m.loose {
		return ""
	}
	id := fmt.Sprintf("%s:%d", m.job.ID, m.job.Attempt)
	if m.about != "" {
		id += ":" + m.about
	}
	return id
}

func (s *Sender) send(ctx context.Context, messages []message) error {
	if err := s.sendAll(ctx, batches(messages)); err != nil {
		return fmt.Errorf("queueing %d jobs: %w", len(messages), err)
	}
	return nil
}

// sendAll makes calls side by side. A single one, as most are, is made where it is: the SDK goes so deep that a goroutine of its own would spend a fifth of
// the call on growing its stack.
func (s *Sender) sendAll(ctx context.Context, all [][]message) error {
	if len(all) == 1 {
		return s.sendBatch(ctx, all[0])
	}
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(maxCalls)
	for _, batch := range all {
		calls.Go(func() error { return s.sendBatch(ctx, batch) })
	}
	return calls.Wait()
}

// batches divides messages into calls that SQS takes: each of one queue, with few and small enough messages.
func batches(messages []message) [][]message {
	var all [][]message
	open := map[string]int{} // index of the queue's batch that can still take messages
	size := map[string]int{} // of that batch
	for _, m := range messages {
		i, ok := open[m.job.Queue]
		if !ok || len(all[i]) == maxEntries || size[m.job.Queue]+len(m.body) > maxBytes {
			i = len(all)
			all = append(all, nil)
			open[m.job.Queue], size[m.job.Queue] = i, 0
		}
		all[i] = append(all[i], m)
		size[m.job.Queue] += len(m.body)
	}
	return all
}

func (s *Sender) sendBatch(ctx context.Context, batch []message) error {
	name := batch[0].job.Queue
	url, ok := s.urls[name]
	if !ok {
		return fmt.Errorf("there is no queue %q", name)
	}
	entries := make([]types.SendMessageBatchRequestEntry, len(batch))
	for i, m := range batch {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(m.body)}
		if !m.loose {
			entries[i].MessageGroupId, entries[i].MessageDeduplicationId = aws.String(m.group()), aws.String(m.dedup())
		}
	}
	out, err := s.api.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		first := out.Failed[0]
		return fmt.Errorf("%d of %d refused, first: %s: %s", len(out.Failed), len(batch), aws.ToString(first.Code), aws.ToString(first.Message))
	}
	return nil
}
