package queue

import (
	"context"

	"omni/internal/inbox"
)

// Erase queues an erasure, or the rest of one.
func (s *Sender) Erase(ctx context.Context, job inbox.Job) error {
	body, err := encode(envelope{Kind: kindErase, Job: job})
	if err != nil {
		return err
	}
	return s.send(ctx, []message{{job: job, body: body}})
}

// Bodies reads the bodies of jobs that lie somewhere, and writes them anew.
type Bodies struct{}

// Job is the job of a body, with the part of a webhook that it carries; part is nil for every other job. ok is false for what is none.
func (Bodies) Job(body []byte) (job inbox.Job, part *inbox.Part, ok bool) {
	e, err := decode(body)
	switch {
	case err != nil:
		return inbox.Job{}, nil, false
	case e.Kind == kindPart && e.Part != nil:
		return e.Job, &inbox.Part{Job: e.Job, Webhook: e.Part.webhook()}, true
	}
	return e.Job, nil, true
}

// Part renders the body of a job that carries a part.
func (Bodies) Part(p inbox.Part) ([]byte, error) {
	body, err := wholePart(p)
	return []byte(body), err
}
