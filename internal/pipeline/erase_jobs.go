package pipeline

import (
	"context"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// SpillStore has the jobs that were too large for their queues.
type SpillStore interface {
	// Keys returns keys behind one, in their order, at most so many.
	Keys(ctx context.Context, prefix, after string, most int) ([]string, error)
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, content []byte) error
}

// Bodies reads and writes the bodies of jobs.
type Bodies interface {
	// Job is the job of a body, with the part of a webhook that it carries; part is nil for every other job. ok is false for what is none.
	Job(body []byte) (job inbox.Job, part *inbox.Part, ok bool)
	// Part renders the body of a job that carries a part.
	Part(inbox.Part) ([]byte, error)
}

// jobBatch is how many jobs are read at once.
const jobBatch = 100

// spillPrefix is where the queue keeps jobs that are too large for it.
const spillPrefix = "jobs/"

// keptJobs takes what is erased out of the jobs that were given up.
func (e *Erasures) keptJobs(ctx context.Context, erasure uuid.UUID) error {
	for after := uuid.Nil; ; {
		jobs, err := e.Store.KeptJobs(ctx, after, jobBatch)
		if err != nil || len(jobs) == 0 {
			return err
		}
		for _, job := range jobs {
			left, clean, err := e.siftJob(ctx, []byte(job.Body))
			if err != nil {
				return err
			}
			if clean {
				continue
			}
			job.Body = string(left)
			if err := e.Store.RewriteKeptJob(ctx, job, erasure); err != nil {
				return err
			}
		}
		after = jobs[len(jobs)-1].ID
	}
}

// spills takes what is erased out of jobs in object storage. Their messages may still be on their way, so one of which nothing is left becomes one that does
// nothing.
func (e *Erasures) spills(ctx context.Context, erasure uuid.UUID) error {
	if e.Spills == nil {
		return nil
	}
	for after := ""; ; {
		keys, err := e.Spills.Keys(ctx, spillPrefix, after, jobBatch)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			if err := e.spill(ctx, key, erasure); err != nil {
				return err
			}
		}
		after = keys[len(keys)-1]
	}
}

func (e *Erasures) spill(ctx context.Context, key string, erasure uuid.UUID) error {
	body, err := e.Spills.Get(ctx, key)
	if err != nil {
		return err
	}
	left, clean, err := e.siftJob(ctx, body)
	if err != nil || clean {
		return err
	}
	if left == nil {
		job, _, _ := e.Bodies.Job(body)
		job.Lane = inbox.LiveLane("")
		if left, err = e.Bodies.Part(inbox.Part{Job: job, Webhook: inbox.Webhook{ID: job.ID, Partial: true}}); err != nil {
			return err
		}
	}
	if err := e.Spills.Put(ctx, key, left); err != nil || erasure == uuid.Nil {
		return err
	}
	return e.Store.CountErased(ctx, erasure, "spilled_jobs", 1)
}

// siftJob returns what is left of a job without what is erased; nil: nothing. clean: it has nothing that is.
func (e *Erasures) siftJob(ctx context.Context, body []byte) (left []byte, clean bool, err error) {
	job, part, ok := e.Bodies.Job(body)
	if ok && part != nil {
		return e.siftPart(ctx, *part)
	}
	names := append(mentioned(job.Account, body), ids(body)...)
	erased, err := e.Store.Erased(ctx, uuid.Nil, names)
	return nil, len(erased) == 0, err
}

// siftPart is siftJob for a part of a webhook. The body that it may carry is the whole webhook's: without what is erased it has room for one event only, and
// the events of other lanes have parts of their own. So with more than one event left the webhook is not logged.
func (e *Erasures) siftPart(ctx context.Context, part inbox.Part) (left []byte, clean bool, err error) {
	keep, clean, err := e.sift(ctx, part.Webhook, part.Webhook.Body)
	if err != nil || clean {
		return nil, clean, err
	}
	if len(keep) == 0 {
		return nil, false, nil
	}
	w := &part.Webhook
	w.Events = keep
	w.Partial = w.Partial || len(keep) > 1
	w.Body = nil
	if !w.Partial {
		w.Body = keep[0].Raw
	}
	left, err = e.Bodies.Part(part)
	return left, false, err
}

// ids are the names of everything in a body that has an id of ours.
func ids(body []byte) []string {
	var names []string
	for word := range words(body) {
		if id, err := uuid.Parse(word); err == nil {
			names = append(names, inbox.ErasedID(id))
		}
	}
	return names
}
