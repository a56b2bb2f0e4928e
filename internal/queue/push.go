package queue

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// maxConnections is how many connections one message names. API Gateway's ids have some 16 characters; this many would fit with 200.
const maxConnections = 5000

// Push queues a frame for its connections, in as many messages as they need. After an error SQS may have some of them: dashboards then hear of
// something twice, which is harmless.
func (s *Sender) Push(ctx context.Context, push inbox.Push) error {
	var messages []message
	for connections := range slices.Chunk(push.Connections, maxConnections) {
		part := push
		part.Connections = connections
		job := inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.PushQueue, Attempt: 1}
		body, err := encode(envelope{Kind: kindPush, Job: job, Push: &part})
		if err != nil {
			return err
		}
		messages = append(messages, message{job: job, body: body, loose: true})
	}
	return s.send(ctx, messages)
}

// goneLane is that of what is found out about connections.
const goneLane = "connections"

// ReportGone queues that connections were found closed, for whoever keeps them. The same may be reported twice.
func (s *Sender) ReportGone(ctx context.Context, connections []string) error {
	var messages []message
	for some := range slices.Chunk(connections, maxConnections) {
		job := inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.LiveQueue, Lane: goneLane, Attempt: 1}
		body, err := encode(envelope{Kind: kindGone, Job: job, Gone: some})
		if err != nil {
			return err
		}
		messages = append(messages, message{job: job, body: body})
	}
	return s.send(ctx, messages)
}
