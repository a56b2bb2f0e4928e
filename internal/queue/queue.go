// Package queue carries jobs on Amazon SQS FIFO queues. A job's group is its conversation: SQS hands out the jobs of a group one after
// the other.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"

	"omni/internal/inbox"
)

// Limits of SQS's SendMessageBatch, and of how many such calls run at once.
const (
	maxEntries = 10
	maxCalls   = 4
)

// KindWake is the kind of job that wakes the processor for a thread.
const KindWake = "wake"

// envelope is the body of a queue message.
type envelope struct {
	Version int       `json:"version"` // of this form; 1
	Kind    string    `json:"kind"`
	Job     inbox.Job `json:"job"`
}

// SendAPI is the call of SQS that a Sender makes.
type SendAPI interface {
	SendMessageBatch(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
}

// Sender puts jobs on one queue.
type Sender struct {
	api SendAPI
	url string
}

// NewSender makes a sender for the FIFO queue at url.
func NewSender(api SendAPI, url string) *Sender { return &Sender{api: api, url: url} }

// Send puts jobs on the queue, in batches. Nil means that SQS has all of them. After an error some may be there: sending them again
// within five minutes is harmless, because the deduplication id is the job's id and attempt.
func (s *Sender) Send(ctx context.Context, jobs []inbox.Job) error {
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(maxCalls)
	for part := range slices.Chunk(jobs, maxEntries) {
		calls.Go(func() error { return s.sendBatch(ctx, part) })
	}
	if err := calls.Wait(); err != nil {
		return fmt.Errorf("queueing %d jobs: %w", len(jobs), err)
	}
	return nil
}

func (s *Sender) sendBatch(ctx context.Context, jobs []inbox.Job) error {
	entries := make([]types.SendMessageBatchRequestEntry, len(jobs))
	for i, job := range jobs {
		body, err := Encode(job)
		if err != nil {
			return err
		}
		entries[i] = types.SendMessageBatchRequestEntry{
			Id:                     aws.String(strconv.Itoa(i)),
			MessageBody:            aws.String(body),
			MessageGroupId:         aws.String(job.Group()),
			MessageDeduplicationId: aws.String(fmt.Sprintf("%s:%d", job.ID, job.Attempt)),
		}
	}
	out, err := s.api.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &s.url, Entries: entries})
	if err != nil {
		return err
	}
	if len(out.Failed) > 0 {
		first := out.Failed[0]
		return fmt.Errorf("%d of %d refused, first: %s: %s", len(out.Failed), len(jobs), aws.ToString(first.Code), aws.ToString(first.Message))
	}
	return nil
}

// Encode renders a job as the body of a queue message.
func Encode(job inbox.Job) (string, error) {
	body, err := json.Marshal(envelope{Version: 1, Kind: KindWake, Job: job})
	if err != nil {
		return "", fmt.Errorf("rendering job %s: %w", job.ID, err)
	}
	return string(body), nil
}

// Decode reads the body of a queue message. An error means that no version of this program wrote it.
func Decode(body string) (inbox.Job, error) {
	var e envelope
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return inbox.Job{}, fmt.Errorf("reading a job: %w", err)
	}
	if e.Version != 1 || e.Kind != KindWake {
		return inbox.Job{}, fmt.Errorf("reading a job: version %d, kind %q are not known here", e.Version, e.Kind)
	}
	if e.Job.ID == [16]byte{} {
		return inbox.Job{}, errors.New("reading a job: it has no id")
	}
	return e.Job, nil
}
