package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// maxDelay is the longest that SQS hides a new message (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html,
// DelaySeconds). Only standard queues can do it for a single message, which is why waiting has a queue of its own.
const maxDelay = 15 * time.Minute

// kindTimed is a message that waits.
const kindTimed = "timed"

// Timed is a message that a queue shall get later.
type Timed struct {
	At    time.Time `json:"at"`              // not earlier
	Queue string    `json:"queue"`           // name of the target
	Group string    `json:"group,omitempty"` // the target's message group; empty: the target is a standard queue
	Dedup string    `json:"dedup,omitempty"` // deduplication id; empty if and only if Group is
	Body  string    `json:"body"`            // as a JSON string within JSON it has to fit into a message of 1 MiB too
}

// timedEnvelope is the body of a message that waits.
type timedEnvelope struct {
	Version int    `json:"version"`
	Kind    string `json:"kind"`
	Timed
}

// TimerAPI is the call of SQS that a Timer makes.
type TimerAPI interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Timer sends messages that wait. They do it on a standard queue, hidden for up to 15 minutes at a time; its consumer (outside.Timer) sends
// them round again until they are due.
type Timer struct {
	api     TimerAPI
	url     string
	targets map[string]string
	now     func() time.Time
}

// NewTimer makes a timer on the standard queue at url. targets are the URLs of the queues to deliver to, by name; who only calls Later
// needs none. The queue's visibility timeout should be well below the five minutes for which a FIFO queue knows a deduplication id.
func NewTimer(api TimerAPI, url string, targets map[string]string, now func() time.Time) *Timer {
	return &Timer{api: api, url: url, targets: targets, now: now}
}

// Later makes a message wait until it is due. It arrives up to a few seconds late; among messages of one group that are due at the same
// time there is no order. Nil means that SQS has it. After an error it may have it nevertheless: repeating the call is harmless, because
// both copies are delivered together and the target's deduplication drops one. It also drops a message whose deduplication id it has had
// in the five minutes before the message is due, so what is put off needs a new one (the attempt is part of it).
func (t *Timer) Later(ctx context.Context, m Timed) error {
	body, err := encodeTimed(m)
	if err == nil {
		hidden := delaySeconds(m.At.Sub(t.now()))
		_, err = t.api.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &t.url, MessageBody: &body, DelaySeconds: hidden})
	}
	if err != nil {
		return fmt.Errorf("putting off a message for queue %q: %w", m.Queue, err)
	}
	return nil
}

// Deliver sends a message to its target now.
func (t *Timer) Deliver(ctx context.Context, m Timed) error {
	url, ok := t.targets[m.Queue]
	if !ok {
		return fmt.Errorf("there is no queue %q", m.Queue)
	}
	in := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &m.Body}
	if m.Group != "" {
		in.MessageGroupId, in.MessageDeduplicationId = &m.Group, &m.Dedup
	}
	if _, err := t.api.SendMessage(ctx, in); err != nil {
		return fmt.Errorf("delivering a message to queue %q: %w", m.Queue, err)
	}
	return nil
}

// delaySeconds is how long SQS shall hide a message that is due after remaining: in whole seconds, never too short, so that a message does
// not come round early in its last second.
func delaySeconds(remaining time.Duration) int32 {
	hidden := min(max(remaining, 0), maxDelay)
	return int32((hidden + time.Second - 1) / time.Second)
}

func encodeTimed(m Timed) (string, error) {
	if err := m.check(); err != nil {
		return "", err
	}
	body, err := json.Marshal(timedEnvelope{Version: version, Kind: kindTimed, Timed: m})
	return string(body), err
}

// DecodeTimed reads the body of a message that waits. Its error is [ErrUnreadable].
func DecodeTimed(body string) (Timed, error) {
	var e timedEnvelope
	err := json.Unmarshal([]byte(body), &e)
	switch {
	case err != nil:
	case e.Version != version:
		err = fmt.Errorf("version %d is not known here", e.Version)
	case e.Kind != kindTimed:
		err = fmt.Errorf("kind %q does not wait", e.Kind)
	default:
		err = e.check()
	}
	if err != nil {
		return Timed{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return e.Timed, nil
}

// check finds what would fail only when the message is due.
func (m Timed) check() error {
	switch {
	case m.At.IsZero():
		return errors.New("it says not when")
	case m.Queue == "":
		return errors.New("it says not where to")
	case (m.Group == "") != (m.Dedup == ""):
		return errors.New("it has one of group and deduplication id, not both")
	case m.Body == "":
		return errors.New("it has no body")
	}
	return nil
}
