package queue

import (
	"context"
	"fmt"
	"time"

	"omni/internal/inbox"
)

// Outbox carries messages that we send to where they are delivered, and what came of it back.
type Outbox struct {
	sender *Sender
	timer  *Timer
	now    func() time.Time
}

// NewOutbox makes an outbox. What is for later waits on the timer's queue.
func NewOutbox(sender *Sender, timer *Timer, now func() time.Time) *Outbox {
	return &Outbox{sender: sender, timer: timer, now: now}
}

// Send queues an attempt at a message, for when it says. Nil means that SQS has it. After an error it may have it nevertheless: repeating the
// call within five minutes is harmless, because the deduplication id is the message's id and the attempt.
func (o *Outbox) Send(ctx context.Context, send inbox.Send) error {
	job, notBefore := send.Job, send.NotBefore
	send.Job, send.NotBefore = inbox.Job{}, time.Time{}
	body, err := encode(envelope{Kind: kindSend, Job: job, Send: &send})
	if err != nil {
		return err
	}
	return o.put(ctx, message{job: job, body: body}, notBefore)
}

// Remind queues what is to be concluded about an attempt if nothing else is known until then.
func (o *Outbox) Remind(ctx context.Context, job inbox.Job, outcome inbox.Outcome, at time.Time) error {
	m, err := outcomeMessage(job, outcome)
	if err != nil {
		return err
	}
	return o.put(ctx, m, at)
}

func (o *Outbox) put(ctx context.Context, m message, at time.Time) error {
	if !at.After(o.now()) {
		return o.sender.send(ctx, []message{m})
	}
	return o.timer.Later(ctx, Timed{At: at, Queue: m.job.Queue, Group: m.group(), Dedup: m.dedup(), Body: m.body})
}

// Report queues what is known after an attempt at a message, for whoever records it. The same may be reported twice.
func (s *Sender) Report(ctx context.Context, job inbox.Job, outcome inbox.Outcome) error {
	m, err := outcomeMessage(job, outcome)
	if err != nil {
		return err
	}
	return s.send(ctx, []message{m})
}

// outcomeMessage takes its turn in the conversation's lane.
func outcomeMessage(job inbox.Job, outcome inbox.Outcome) (message, error) {
	job.Queue = inbox.LiveQueue
	body, err := encode(envelope{Kind: kindOutcome, Job: job, Outcome: &outcome})
	about := string(outcome.Result)
	if outcome.Result == inbox.ResultOverdue { // it may be found so several times
		about = fmt.Sprint(about, "@", outcome.At.UnixMilli())
	}
	return message{job: job, body: body, about: about}, err
}
