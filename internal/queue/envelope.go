package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"omni/channels"
	"omni/internal/inbox"
)

// version is that of the form below. A reader refuses others: the message then waits in the queue for a program that knows it.
const version = 1

// What a message is.
const (
	kindWake = "wake" // the lane has rows to process
	kindPart = "part" // a webhook's share for one lane, not stored yet
	kindBlob = "blob" // Blob names the object that holds the real body

	kindSend    = "send"    // a message is to be delivered
	kindOutcome = "outcome" // what is known after an attempt at that

	kindFetch   = "fetch"   // a file is to be fetched
	kindFetched = "fetched" // what is known after an attempt at that

	kindPost    = "post"    // an event is to be delivered to a subscriber
	kindReply   = "reply"   // what came of that
	kindRelease = "release" // deliveries of a subscription may have their turn

	kindErrand = "errand" // something that is no message is to be done at a platform
	kindNews   = "news"   // what came of that

	kindPush = "push" // open dashboards are to be told something
	kindGone = "gone" // connections that were found closed then

	kindErase = "erase" // a contact is to be forgotten
)

// envelope is the body of a queue message.
type envelope struct {
	Version int           `json:"version"`
	Kind    string        `json:"kind"`
	Job     inbox.Job     `json:"job"`
	Part    *partEnvelope `json:"part,omitempty"`
	Blob    string        `json:"blob,omitempty"`

	Send    *inbox.Send    `json:"send,omitempty"` // without its job
	Outcome *inbox.Outcome `json:"outcome,omitempty"`

	Fetch   *inbox.Fetch        `json:"fetch,omitempty"` // without its job
	Fetched *inbox.FetchOutcome `json:"fetched,omitempty"`

	Post  *inbox.Post  `json:"post,omitempty"`
	Reply *inbox.Reply `json:"reply,omitempty"`

	Errand *inbox.Errand `json:"errand,omitempty"` // without its job
	News   *inbox.News   `json:"news,omitempty"`

	Push *inbox.Push `json:"push,omitempty"`
	Gone []string    `json:"gone,omitempty"`
}

// partEnvelope is a part without what the job says already. Events carry their raw bytes beside them.
type partEnvelope struct {
	Webhook inbox.Webhook `json:"webhook"`
	Events  []partEvent   `json:"events"`
}

type partEvent struct {
	Event channels.Event `json:"event"`
	Raw   []byte         `json:"raw"`
}

// Task is what a message asks for: one of Send and Outcome, or to process the job's lane, after storing the webhook if there is one.
type Task struct {
	Job     inbox.Job
	Webhook *inbox.Webhook // nil: everything is stored
	Send    *inbox.Send    // to deliver a message
	Outcome *inbox.Outcome // to record what is known after an attempt at that

	Fetch   *inbox.Fetch        // to fetch a file
	Fetched *inbox.FetchOutcome // to record what is known after an attempt at that

	Post    *inbox.Post  // to deliver an event to a subscriber
	Reply   *inbox.Reply // to record what came of that
	Release bool         // to let deliveries go, of the subscription that is the job's Account

	Errand *inbox.Errand // to do something at a platform that is no message
	News   *inbox.News   // to record what came of that

	Push *inbox.Push // to tell open dashboards something
	Gone []string    // to forget these connections; nil: it is something else

	Erase bool // to go on with the erasure that is the job's ID
}

func encodeWake(job inbox.Job) (string, error) {
	return encode(envelope{Kind: kindWake, Job: job})
}

// encodePart renders a part, into an object if it is too large for a message.
func (s *Sender) encodePart(ctx context.Context, part inbox.Part) (string, error) {
	body, err := wholePart(part)
	if err != nil || len(body) <= maxBytes {
		return body, err
	}
	key := "jobs/" + part.Job.ID.String()
	if err := s.blobs.Put(ctx, key, []byte(body)); err != nil {
		return "", fmt.Errorf("keeping a job of %d bytes: %w", len(body), err)
	}
	return encode(envelope{Kind: kindBlob, Job: part.Job, Blob: key})
}

// wholePart renders a part, however large it is.
func wholePart(part inbox.Part) (string, error) {
	wrapped := &partEnvelope{Webhook: part.Webhook}
	wrapped.Webhook.Events = nil
	for _, e := range part.Webhook.Events {
		wrapped.Events = append(wrapped.Events, partEvent{e, e.Raw})
	}
	return encode(envelope{Kind: kindPart, Job: part.Job, Part: wrapped})
}

func (p partEnvelope) webhook() inbox.Webhook {
	w := p.Webhook
	for _, wrapped := range p.Events {
		wrapped.Event.Raw = wrapped.Raw
		w.Events = append(w.Events, wrapped.Event)
	}
	return w
}

func encode(e envelope) (string, error) {
	e.Version = version
	body, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("rendering job %s: %w", e.Job.ID, err)
	}
	return string(body), nil
}

// ErrUnreadable marks the body of a message that this program did not write, or not this version of it.
var ErrUnreadable = errors.New("this is no job")

// Decode reads the body of a queue message; blobs has what was too large for one. An error is [ErrUnreadable], or means that the object
// cannot be had now.
func Decode(ctx context.Context, body string, blobs Blobs) (Task, error) {
	e, err := decode([]byte(body))
	if err == nil && e.Kind == kindBlob {
		var content []byte
		if content, err = blobs.Get(ctx, e.Blob); err != nil {
			return Task{}, fmt.Errorf("fetching job %s: %w", e.Job.ID, err)
		}
		e, err = decode(content)
	}
	if err != nil {
		return Task{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	switch {
	case e.Kind == kindWake:
		return Task{Job: e.Job}, nil
	case e.Kind == kindPart && e.Part != nil:
		w := e.Part.webhook()
		return Task{Job: e.Job, Webhook: &w}, nil
	case e.Kind == kindSend && e.Send != nil:
		e.Send.Job = e.Job
		return Task{Job: e.Job, Send: e.Send}, nil
	case e.Kind == kindOutcome && e.Outcome != nil:
		return Task{Job: e.Job, Outcome: e.Outcome}, nil
	case e.Kind == kindFetch && e.Fetch != nil:
		e.Fetch.Job = e.Job
		return Task{Job: e.Job, Fetch: e.Fetch}, nil
	case e.Kind == kindFetched && e.Fetched != nil:
		return Task{Job: e.Job, Fetched: e.Fetched}, nil
	case e.Kind == kindPost && e.Post != nil:
		return Task{Job: e.Job, Post: e.Post}, nil
	case e.Kind == kindReply && e.Reply != nil:
		return Task{Job: e.Job, Reply: e.Reply}, nil
	case e.Kind == kindRelease:
		return Task{Job: e.Job, Release: true}, nil
	case e.Kind == kindErrand && e.Errand != nil:
		e.Errand.Job = e.Job
		return Task{Job: e.Job, Errand: e.Errand}, nil
	case e.Kind == kindNews && e.News != nil:
		return Task{Job: e.Job, News: e.News}, nil
	case e.Kind == kindPush && e.Push != nil:
		return Task{Job: e.Job, Push: e.Push}, nil
	case e.Kind == kindGone && len(e.Gone) > 0:
		return Task{Job: e.Job, Gone: e.Gone}, nil
	case e.Kind == kindErase:
		return Task{Job: e.Job, Erase: true}, nil
	}
	return Task{}, fmt.Errorf("%w: kind %q is not known here", ErrUnreadable, e.Kind)
}

// Wakes are the jobs among the bodies of queue messages that ask for nothing but that their lane be processed.
func Wakes(bodies []string) (jobs []inbox.Job) {
	for _, body := range bodies {
		if e, err := decode([]byte(body)); err == nil && e.Kind == kindWake {
			jobs = append(jobs, e.Job)
		}
	}
	return jobs
}

func decode(body []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return e, err
	}
	if e.Version != version {
		return e, fmt.Errorf("version %d is not known here", e.Version)
	}
	if e.Job.ID == [16]byte{} {
		return e, errors.New("it has no id")
	}
	return e, nil
}
