package queue_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/queue"
)

// shelves keep what SQS was given, by the queue's URL.
type shelves struct {
	counter
	fifo, standard map[string][]string
}

func (s *shelves) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	for _, e := range in.Entries {
		on := s.fifo
		if e.MessageGroupId == nil && e.MessageDeduplicationId == nil {
			on = s.standard
		}
		on[*in.QueueUrl] = append(on[*in.QueueUrl], *e.MessageBody)
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

func TestDeliveriesGoOnAStandardQueueAndWhatIsHeardOfThemOnTheLiveOne(t *testing.T) {
	t.Parallel()
	s := &shelves{fifo: map[string][]string{}, standard: map[string][]string{}}
	sender := queue.NewSender(s, map[string]string{inbox.DeliveryQueue: "deliveries", inbox.LiveQueue: "live"}, nil)
	outbox := queue.NewOutbox(sender, queue.NewTimer(s, "timer", nil, time.Now), time.Now)
	now := time.Now().UTC().Truncate(time.Second)
	post := inbox.Post{
		Delivery: uuid.New(), Subscription: uuid.New(), Attempt: 2, URL: "https://example.com", Event: uuid.New(), At: now, Signature: "v1,abc",
		Body: `{"text":"<äöü>"}`,
	}
	reply := inbox.Reply{Delivery: post.Delivery, Subscription: post.Subscription, Attempt: 2, At: now, Took: time.Second, Status: 500, Error: "broken"}
	for _, err := range []error{
		outbox.Post(t.Context(), []inbox.Post{post}), outbox.Reply(t.Context(), reply), outbox.Wake(t.Context(), post.Subscription, now),
		sender.Wake(t.Context(), post.Subscription), outbox.Wake(t.Context(), post.Subscription, now.Add(time.Hour)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if task := decoded(t, s.standard["deliveries"][0]); task.Post == nil || !cmp.Equal(*task.Post, post) {
		t.Errorf("%+v", task.Post)
	}
	live := s.fifo["live"]
	if task := decoded(t, live[0]); task.Reply == nil || !cmp.Equal(*task.Reply, reply) {
		t.Errorf("%+v", task.Reply)
	}
	timed, err := queue.DecodeTimed(s.later[0])
	if err != nil || !timed.At.Equal(now.Add(time.Hour)) || timed.Queue != inbox.LiveQueue {
		t.Errorf("%+v, %v", timed, err)
	}
	for _, body := range []string{live[1], live[2], timed.Body} {
		task := decoded(t, body)
		if !task.Release || task.Job.Account != post.Subscription {
			t.Errorf("%+v", task)
		}
		if reply := decoded(t, live[0]); task.Job.Group() != reply.Job.Group() || task.Job.ID == reply.Job.ID {
			t.Errorf("%+v and %+v do not take turns", task.Job, reply.Job)
		}
	}
}
