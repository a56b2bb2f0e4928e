package queue

import (
	"context"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Resend puts the body of a message that was given up on the queue of its job once more, byte for byte. id takes the place of the job's in the
// deduplication id, so that SQS does not take it for a repetition. What died while it waited does not wait any more. A body that is no job goes
// to the queue of messages.
func (s *Sender) Resend(ctx context.Context, body string, id uuid.UUID) error {
	if timed, err := DecodeTimed(body); err == nil {
		body = timed.Body
	}
	job := inbox.Job{Queue: inbox.LiveQueue}
	if e, err := decode([]byte(body)); err == nil {
		job = e.Job
	}
	job.ID, job.Attempt = id, 1
	return s.send(ctx, []message{{job: job, body: body}})
}
