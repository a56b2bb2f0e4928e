// Package queuetest holds an endpoint to the documented behaviour of Amazon SQS. The same checks run against the local server, against AWS
// and against any emulator, all through the AWS SDK, so that what passes locally passes in the cloud.
//
// A check asserts what the documentation promises, or what every client sees on AWS, and nothing else. Each names its source: a page of the
// SQS Developer Guide (SQSDeveloperGuide/...) or of the API Reference (APIReference/...), both below
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/.
package queuetest

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// Target is an endpoint to check.
type Target struct {
	Client *sqs.Client

	// Pass lets time go by at the endpoint: it sleeps, or moves the endpoint's clock.
	Pass func(time.Duration)

	// Real says that Pass sleeps and that the endpoint may be distributed: the checks then poll until something arrives, and those that
	// need minutes are skipped unless Slow.
	Real, Slow bool
}

// Run runs every check in parallel, each against a target of its own from open.
func Run(t *testing.T, open func(t *testing.T) Target) {
	for _, c := range slices.Concat(queueChecks, messageChecks, batchChecks, visibilityChecks, fifoChecks, redriveChecks) {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			target := open(t)
			if c.minutes && target.Real && !target.Slow {
				t.Skip("takes minutes in real time")
			}
			c.run(&env{T: t, Target: target, ctx: t.Context()})
		})
	}
}

type check struct {
	rule    string // what the documentation says
	run     func(*env)
	minutes bool // whether it waits that long
}

// env is what one check works with.
type env struct {
	*testing.T
	Target
	ctx context.Context
}

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// refused fails unless err is SQS's refusal with one of these codes.
func (e *env) refused(err error, codes ...string) {
	e.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		e.Fatalf("got %v, want a refusal with %v", err, codes)
	}
	if !slices.Contains(codes, api.ErrorCode()) {
		e.Fatalf("got %s (%s), want %v", api.ErrorCode(), api.ErrorMessage(), codes)
	}
}

// attributes is what a queue is made with.
type attributes = map[string]string

// queue is one queue of a check. It is deleted when the check ends.
type queue struct {
	*env
	name, url string
	fifo      bool
}

func newName() string { return "queuetest-" + strings.ToLower(rand.Text()[:16]) }

func (e *env) standardQueue(a attributes) *queue { return e.create(newName(), a) }

func (e *env) fifoQueue(a attributes) *queue {
	all := attributes{"FifoQueue": "true"}
	for name, value := range a {
		all[name] = value
	}
	return e.create(newName()+".fifo", all)
}

func (e *env) create(name string, a attributes) *queue {
	e.Helper()
	out, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: a})
	e.must(err)
	q := &queue{env: e, name: name, url: *out.QueueUrl, fifo: a["FifoQueue"] == "true"}
	e.Cleanup(func() {
		e.Client.DeleteQueue(context.WithoutCancel(e.ctx), &sqs.DeleteQueueInput{QueueUrl: &q.url}) // gone already, perhaps
	})
	if e.Real {
		e.Pass(time.Second) // APIReference/API_CreateQueue.html: wait at least one second before using it
	}
	return q
}

func (q *queue) attribute(name types.QueueAttributeName) string {
	q.Helper()
	out, err := q.Client.GetQueueAttributes(q.ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{name},
	})
	q.must(err)
	return out.Attributes[string(name)]
}

func (q *queue) arn() string { return q.attribute(types.QueueAttributeNameQueueArn) }

// with changes a send before it is sent.
type with func(*sqs.SendMessageInput)

func (q *queue) try(body string, changes ...with) (*sqs.SendMessageOutput, error) {
	in := &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body}
	for _, change := range changes {
		change(in)
	}
	return q.Client.SendMessage(q.ctx, in)
}

func (q *queue) send(body string, changes ...with) *sqs.SendMessageOutput {
	q.Helper()
	out, err := q.try(body, changes...)
	q.must(err)
	return out
}

// as sends in a message group under a deduplication id.
func as(group, dedup string) with {
	return func(in *sqs.SendMessageInput) { in.MessageGroupId, in.MessageDeduplicationId = &group, &dedup }
}

// in sends in a message group, under the body as deduplication id.
func in(group string) with {
	return func(in *sqs.SendMessageInput) { in.MessageGroupId, in.MessageDeduplicationId = &group, in.MessageBody }
}

// grouped sends in one group where there are groups.
func (q *queue) grouped(send *sqs.SendMessageInput) {
	if q.fifo {
		in("g")(send)
	}
}

// receive gets up to max messages by one call, with everything there is to know about them.
func (q *queue) receive(max int32) []types.Message {
	q.Helper()
	in := &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: max, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	}
	if q.Real {
		in.WaitTimeSeconds = 1 // a short poll may miss messages that are there
	}
	out, err := q.Client.ReceiveMessage(q.ctx, in)
	q.must(err)
	return out.Messages
}

// get receives exactly the messages with these bodies: in this order from a FIFO queue, in any order from a standard queue.
func (q *queue) get(bodies ...string) []types.Message {
	q.Helper()
	var got []types.Message
	for tries := 0; len(got) < len(bodies) && tries < 20; tries++ {
		got = append(got, q.receive(int32(min(10, len(bodies)-len(got))))...)
	}
	have := bodiesOf(got)
	if !q.fifo {
		slices.Sort(have)
		slices.Sort(bodies)
	}
	if !slices.Equal(have, bodies) {
		q.Fatalf("received %q, want %q", have, bodies)
	}
	return got
}

func (q *queue) getOne(body string) types.Message {
	q.Helper()
	return q.get(body)[0]
}

// empty fails when there is anything to receive.
func (q *queue) empty() {
	q.Helper()
	if got := q.receive(10); len(got) > 0 {
		q.Fatalf("received %q, want nothing", bodiesOf(got))
	}
}

func bodiesOf(messages []types.Message) []string {
	bodies := []string{}
	for _, m := range messages {
		bodies = append(bodies, *m.Body)
	}
	return bodies
}

func (q *queue) tryDelete(handle *string) error {
	_, err := q.Client.DeleteMessage(q.ctx, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: handle})
	return err
}

func (q *queue) delete(messages ...types.Message) {
	q.Helper()
	for _, m := range messages {
		q.must(q.tryDelete(m.ReceiptHandle))
	}
}

func (q *queue) tryHide(m types.Message, seconds int32) error {
	_, err := q.Client.ChangeMessageVisibility(q.ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds,
	})
	return err
}

func (q *queue) hide(m types.Message, seconds int32) {
	q.Helper()
	q.must(q.tryHide(m, seconds))
}

func (q *queue) set(a attributes) error {
	_, err := q.Client.SetQueueAttributes(q.ctx, &sqs.SetQueueAttributesInput{QueueUrl: &q.url, Attributes: a})
	return err
}

// count waits until the queue says that it has that many messages of a kind: the numbers are approximate for up to a minute.
func (q *queue) count(name types.QueueAttributeName, want string) {
	q.Helper()
	got := q.attribute(name)
	for tries := 0; q.Real && got != want && tries < 60; tries++ {
		q.Pass(time.Second)
		got = q.attribute(name)
	}
	if got != want {
		q.Fatalf("%s is %s, want %s", name, got, want)
	}
}

func (e *env) equal(what string, got, want any) {
	e.Helper()
	if got != want {
		e.Fatalf("%s is %v, want %v", what, got, want)
	}
}

var str = aws.String
