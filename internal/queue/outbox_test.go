package queue_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
)

// counter remembers what SQS was asked for.
type counter struct {
	entries []string // queue, group, deduplication id
	bodies  []string
	later   []string // bodies of messages that wait
}

func (c *counter) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	for _, e := range in.Entries {
		c.entries = append(c.entries, strings.Join([]string{*in.QueueUrl, *e.MessageGroupId, *e.MessageDeduplicationId}, " "))
		c.bodies = append(c.bodies, *e.MessageBody)
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

func (c *counter) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	c.later = append(c.later, *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := &counter{}
	urls := map[string]string{"outbound-testchat": "out", inbox.LiveQueue: "live"}
	sender := queue.NewSender(c, urls, nil)
	outbox := queue.NewOutbox(sender, queue.NewTimer(c, "timer", nil, time.Now), func() time.Time { return now })
	job := inbox.Job{ID: uuid.Max, Queue: "outbound-testchat", Account: inbox.AccountID("testchat", "1"), Lane: "live/4912", Attempt: 2}
	send := inbox.Send{Job: job, Channel: "testchat", CredentialAccount: "default", Outgoing: channels.Outgoing{
		Handle: uuid.Max.String(), Thread: "4912", Content: channels.Content{Text: "hello <you>"},
	}}
	outcome := inbox.Outcome{Message: uuid.Max, Account: job.Account, Attempt: 2, Result: inbox.ResultThrottled, At: now, After: time.Minute}
	later := send
	later.NotBefore = now.Add(time.Minute)
	for _, err := range []error{
		outbox.Send(t.Context(), send), sender.Report(t.Context(), job, outcome), outbox.Send(t.Context(), later),
		outbox.Remind(t.Context(), job, outcome, now.Add(time.Hour)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	id := uuid.Max.String() + ":2"
	want := []string{"out " + job.Group() + " " + id, "live " + job.Group() + " " + id + ":throttled"}
	if diff := cmp.Diff(want, c.entries); diff != "" {
		t.Error(diff)
	}
	if task := decoded(t, c.bodies[0]); task.Send == nil || !cmp.Equal(*task.Send, send) {
		t.Errorf("%+v", task.Send)
	}
	if task := decoded(t, c.bodies[1]); task.Outcome == nil || !cmp.Equal(*task.Outcome, outcome) || task.Job.Queue != inbox.LiveQueue {
		t.Errorf("%+v", task)
	}
	waits := func(body, queueName, dedup string, at time.Time) queue.Task {
		t.Helper()
		timed, err := queue.DecodeTimed(body)
		if err != nil || timed.Queue != queueName || timed.Group != job.Group() || timed.Dedup != dedup || !timed.At.Equal(at) {
			t.Errorf("%+v, %v", timed, err)
		}
		return decoded(t, timed.Body)
	}
	if task := waits(c.later[0], "outbound-testchat", id, later.NotBefore); task.Send == nil {
		t.Errorf("%+v", task)
	}
	if task := waits(c.later[1], inbox.LiveQueue, id+":throttled", now.Add(time.Hour)); task.Outcome == nil {
		t.Errorf("%+v", task)
	}
}

func decoded(t *testing.T, body string) queue.Task {
	t.Helper()
	task, err := queue.Decode(t.Context(), body, nil)
	if err != nil {
		t.Fatal(err)
	}
	return task
}
