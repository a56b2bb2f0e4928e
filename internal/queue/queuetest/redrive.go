package queuetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var redriveChecks = []check{
	{rule: "a message received too often goes to the dead-letter queue as it is", run: deadLetter},
	{rule: "a dead FIFO message makes way for those behind it", run: deadLetterFIFO},
	{rule: "a dead-letter queue exists, is of the same type and allows it", run: redrivePolicies},
	{rule: "the sources of a dead-letter queue are listed", run: deadLetterSources},
	{rule: "a move task brings dead messages back to their source", run: moveBack},
	{rule: "a move task can have another destination", run: moveElsewhere},
	{rule: "a move task needs a dead-letter queue", run: moveNeedsDeadLetterQueue},
}

func redriveTo(dead *queue, max int) attributes {
	return attributes{
		"VisibilityTimeout": "2",
		"RedrivePolicy":     fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, dead.arn(), max),
	}
}

// die receives body as often as it may be, and then finds that it is gone.
func (q *queue) die(body string, times int) {
	q.Helper()
	for range times {
		q.get(body)
		q.Pass(3 * time.Second)
	}
	q.empty()
}

// SQSDeveloperGuide/sqs-dead-letter-queues.html; API_ReceiveMessage.html, ApproximateReceiveCount ("across all queues") and
// DeadLetterQueueSourceArn. For standard queues the time of sending stays: setting-up-dead-letter-queue-retention.html.
func deadLetter(e *env) {
	dead := e.standardQueue(nil)
	q := e.standardQueue(redriveTo(dead, 2))
	sent := q.send("x", withAttributes(values{"colour": textAttribute("red")}))
	q.die("x", 2)
	m := dead.getOne("x")
	e.equal("the message id", *m.MessageId, *sent.MessageId)
	e.equal("the attribute", *m.MessageAttributes["colour"].StringValue, "red")
	e.equal("the source", m.Attributes["DeadLetterQueueSourceArn"], q.arn())
	e.equal("the receive count", m.Attributes["ApproximateReceiveCount"], "3")
	if age := e.millis(m.Attributes["ApproximateFirstReceiveTimestamp"]).Sub(e.millis(m.Attributes["SentTimestamp"])); age < 0 {
		e.Fatalf("received %v before it was sent", -age)
	}
}

// SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html: the dead message's deduplication id is its message id.
func deadLetterFIFO(e *env) {
	dead := e.fifoQueue(nil)
	q := e.fifoQueue(redriveTo(dead, 1))
	sent := q.send("a", in("g"))
	q.send("b", in("g"))
	q.getOne("a")
	e.Pass(3 * time.Second)
	q.getOne("b")
	m := dead.getOne("a")
	e.equal("the message id", *m.MessageId, *sent.MessageId)
	e.equal("the group", m.Attributes["MessageGroupId"], "g")
	e.equal("the deduplication id", m.Attributes["MessageDeduplicationId"], *sent.MessageId)
}

// APIReference/API_CreateQueue.html, RedrivePolicy and RedriveAllowPolicy.
func redrivePolicies(e *env) {
	standard, fifo := e.standardQueue(nil), e.fifoQueue(nil)
	closed := e.standardQueue(attributes{"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`})
	for _, policy := range []string{
		redriveTo(standard, 0)["RedrivePolicy"], redriveTo(standard, 1001)["RedrivePolicy"], redriveTo(fifo, 1)["RedrivePolicy"],
		redriveTo(closed, 1)["RedrivePolicy"],
		fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":3}`, standard.arn()+"-not"), `{"maxReceiveCount":3}`, "often",
	} {
		_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: str(newName()), Attributes: attributes{"RedrivePolicy": policy}})
		e.refused(err, "InvalidParameterValue", "InvalidAttributeValue")
	}
	_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{
		QueueName: str(newName()), Attributes: attributes{"RedriveAllowPolicy": `{"redrivePermission":"sometimes"}`},
	})
	e.refused(err, "InvalidParameterValue", "InvalidAttributeValue")
}

// APIReference/API_ListDeadLetterSourceQueues.html.
func deadLetterSources(e *env) {
	dead := e.standardQueue(nil)
	want := []string{e.standardQueue(redriveTo(dead, 3)).url, e.standardQueue(redriveTo(dead, 5)).url}
	e.standardQueue(nil)
	out, err := e.Client.ListDeadLetterSourceQueues(e.ctx, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &dead.url})
	e.must(err)
	slices.Sort(want)
	slices.Sort(out.QueueUrls)
	if !slices.Equal(out.QueueUrls, want) {
		e.Fatalf("the sources are %q, want %q", out.QueueUrls, want)
	}
}

// APIReference/API_StartMessageMoveTask.html; sqs-configure-dead-letter-queue-redrive.html: moved messages are new messages.
func moveBack(e *env) {
	for _, make := range []func(attributes) *queue{e.standardQueue, e.fifoQueue} {
		dead := make(nil)
		q := make(redriveTo(dead, 1))
		sent := q.send("x", q.grouped)
		q.die("x", 1)
		e.move(dead, nil, 1)
		m := q.getOne("x")
		if *m.MessageId == *sent.MessageId {
			e.Fatal("a moved message kept its id")
		}
		e.equal("the receive count", m.Attributes["ApproximateReceiveCount"], "1")
		dead.empty()
	}
}

// APIReference/API_StartMessageMoveTask.html, DestinationArn.
func moveElsewhere(e *env) {
	dead, other := e.standardQueue(nil), e.standardQueue(nil)
	e.standardQueue(redriveTo(dead, 1))
	dead.send("x")
	e.move(dead, str(other.arn()), 1)
	other.get("x")
}

// move starts a task and waits until it is done.
func (e *env) move(from *queue, to *string, want int64) {
	e.Helper()
	source := from.arn()
	_, err := e.Client.StartMessageMoveTask(e.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &source, DestinationArn: to})
	e.must(err)
	var task types.ListMessageMoveTasksResultEntry
	for range 60 {
		out, err := e.Client.ListMessageMoveTasks(e.ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &source})
		e.must(err)
		if task = out.Results[0]; *task.Status != "RUNNING" {
			break
		}
		e.Pass(time.Second)
	}
	e.equal("the task's status", *task.Status, "COMPLETED")
	e.equal("the number moved", task.ApproximateNumberOfMessagesMoved, want)
	e.equal("the source", *task.SourceArn, source)
}

// APIReference/API_StartMessageMoveTask.html: "only ARNs of dead-letter queues whose sources are other Amazon SQS queues".
func moveNeedsDeadLetterQueue(e *env) {
	source := e.standardQueue(nil).arn()
	_, err := e.Client.StartMessageMoveTask(e.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &source})
	e.refused(err, "InvalidParameterValue")
	_, err = e.Client.StartMessageMoveTask(e.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: str(source + "-not")})
	e.refused(err, "ResourceNotFoundException")
	_, err = e.Client.CancelMessageMoveTask(e.ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: str("bm90aGluZw==")})
	e.refused(err, "ResourceNotFoundException", "InvalidParameterValue")
}
