package queue

import (
	"context"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Post queues attempts at deliveries. After an error SQS may have some of them nevertheless.
func (o *Outbox) Post(ctx context.Context, posts []inbox.Post) error {
	messages := make([]message, len(posts))
	for i, post := range posts {
		job := inbox.Job{ID: post.Delivery, Queue: inbox.DeliveryQueue, Account: post.Subscription, Attempt: post.Attempt}
		body, err := encode(envelope{Kind: kindPost, Job: job, Post: &post})
		if err != nil {
			return err
		}
		messages[i] = message{job: job, body: body, loose: true}
	}
	return o.sender.send(ctx, messages)
}

// Wake queues that deliveries of a subscription may have their turn, at a time.
func (o *Outbox) Wake(ctx context.Context, subscription uuid.UUID, at time.Time) error {
	m, err := releaseMessage(subscription)
	if err != nil {
		return err
	}
	return o.put(ctx, m, at)
}

// Wake queues at once that deliveries of a subscription may have their turn.
func (s *Sender) Wake(ctx context.Context, subscription uuid.UUID) error {
	m, err := releaseMessage(subscription)
	if err != nil {
		return err
	}
	return s.send(ctx, []message{m})
}

func releaseMessage(subscription uuid.UUID) (message, error) {
	job := inbox.ReleaseJob(subscription)
	body, err := encode(envelope{Kind: kindRelease, Job: job})
	return message{job: job, body: body}, err
}

// Reply queues what came of an attempt at a delivery.
func (o *Outbox) Reply(ctx context.Context, r inbox.Reply) error { return o.sender.Reply(ctx, r) }

// Reply queues what came of an attempt at a delivery, for whoever records it. It takes its turn among those of the subscription. The same may be
// told twice.
func (s *Sender) Reply(ctx context.Context, r inbox.Reply) error {
	job := inbox.ReleaseJob(r.Subscription)
	body, err := encode(envelope{Kind: kindReply, Job: job, Reply: &r})
	if err != nil {
		return err
	}
	return s.send(ctx, []message{{job: job, body: body}})
}
