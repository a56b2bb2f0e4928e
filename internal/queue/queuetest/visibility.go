package queuetest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

var visibilityChecks = []check{
	{rule: "a received message is hidden for the visibility timeout", run: visibilityTimeout},
	{rule: "a receive's own timeout overrides the queue's", run: visibilityOverride},
	{rule: "a changed timeout counts from the change", run: visibilityChange},
	{rule: "a timeout of zero makes a message visible at once", run: visibilityZero},
	{rule: "a changed timeout is not kept for the next receive", run: visibilityNotKept},
	{rule: "a message is hidden for twelve hours at most", run: visibilityLimit},
	{rule: "each receive has its own receipt handle", run: receiptHandles},
	{rule: "deleting is idempotent and garbage is no receipt handle", run: deleteTwice},
	{rule: "a message that is deleted cannot be hidden", run: hideDeleted},
}

// SQSDeveloperGuide/sqs-visibility-timeout.html.
func visibilityTimeout(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "5"})
	q.send("x")
	q.getOne("x")
	q.empty()
	e.Pass(6 * time.Second)
	q.delete(q.getOne("x"))
	e.Pass(6 * time.Second)
	q.empty()
}

// APIReference/API_ReceiveMessage.html, VisibilityTimeout.
func visibilityOverride(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "600"})
	q.send("x")
	q.poll(&sqs.ReceiveMessageInput{VisibilityTimeout: 5})
	q.empty()
	e.Pass(6 * time.Second)
	q.get("x")
}

// APIReference/API_ChangeMessageVisibility.html, the example.
func visibilityChange(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "6"})
	q.send("x")
	m := q.getOne("x")
	e.Pass(3 * time.Second)
	q.hide(m, 9)
	e.Pass(5 * time.Second)
	q.empty()
	e.Pass(5 * time.Second)
	q.get("x")
}

// SQSDeveloperGuide/sqs-visibility-timeout.html, "Terminating the visibility timeout for a message".
func visibilityZero(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "600"})
	q.send("x")
	q.hide(q.getOne("x"), 0)
	q.get("x")
}

// APIReference/API_ChangeMessageVisibility.html: it "reverts to the original timeout value the next time the message is received".
func visibilityNotKept(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "5"})
	q.send("x")
	q.hide(q.getOne("x"), 8)
	e.Pass(9 * time.Second)
	q.get("x")
	e.Pass(6 * time.Second)
	q.get("x")
}

// APIReference/API_ChangeMessageVisibility.html.
func visibilityLimit(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "60"})
	q.send("x")
	m := q.getOne("x")
	e.refused(q.tryHide(m, 43201), "InvalidParameterValue")
	e.refused(q.tryHide(m, -1), "InvalidParameterValue")
	e.Pass(2 * time.Second)
	e.refused(q.tryHide(m, 43200), "InvalidParameterValue") // two seconds of the twelve hours are over
	q.hide(m, 43100)
}

// APIReference/API_DeleteMessage.html: a different receipt handle each time; an old one succeeds on a standard queue.
func receiptHandles(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "5"})
	q.send("x")
	first := q.getOne("x")
	e.Pass(6 * time.Second)
	second := q.getOne("x")
	if *first.ReceiptHandle == *second.ReceiptHandle {
		e.Fatal("two receives share a receipt handle")
	}
	q.delete(first, second)
	e.Pass(6 * time.Second)
	q.empty()
}

// APIReference/API_DeleteMessage.html, ReceiptHandleIsInvalid.
func deleteTwice(e *env) {
	for _, q := range []*queue{e.standardQueue(nil), e.fifoQueue(nil)} {
		q.send("x", q.grouped)
		m := q.getOne("x")
		q.delete(m, m)
		e.refused(q.tryDelete(str("garbage")), "ReceiptHandleIsInvalid")
	}
}

// APIReference/API_ChangeMessageVisibility.html.
func hideDeleted(e *env) {
	q := e.standardQueue(nil)
	q.send("x")
	m := q.getOne("x")
	q.delete(m)
	e.refused(q.tryHide(m, 5), "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight")
}
