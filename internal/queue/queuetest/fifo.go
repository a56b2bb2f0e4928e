package queuetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

var fifoChecks = []check{
	{rule: "a FIFO message needs a group", run: needsGroup},
	{rule: "a FIFO message needs a deduplication id unless its content gives one", run: needsDedup},
	{rule: "group and deduplication ids have 1 to 128 visible characters", run: idCharacters},
	{rule: "a FIFO message has no delay of its own", run: noMessageDelay},
	{rule: "a deduplication id is not for standard queues", run: standardDedup},
	{rule: "one receive brings several messages of a group in order", run: groupInOrder},
	{rule: "a group with messages in flight waits until they are deleted", run: groupWaits},
	{rule: "a group starts again at its first message after the timeout", run: groupStartsAgain},
	{rule: "a message made visible again is delivered before those behind it", run: groupReleased},
	{rule: "groups do not wait for each other", run: groupsIndependent},
	{rule: "a duplicate is accepted and not delivered", run: duplicate},
	{rule: "a duplicate is recognised after the message is deleted", run: duplicateDeleted},
	{rule: "a deduplication id is forgotten after five minutes", run: dedupInterval, minutes: true},
	{rule: "content-based deduplication compares bodies and not attributes", run: contentDedup},
	{rule: "an explicit deduplication id overrides the content", run: explicitDedup},
	{rule: "deduplication by queue spans groups, by group it does not", run: dedupScope},
	{rule: "sequence numbers rise", run: sequenceNumbers},
	{rule: "an expired receipt handle deletes nothing", run: expiredHandle},
	{rule: "an extended timeout keeps the receipt handle alive", run: extendedHandle},
	{rule: "a changed queue delay holds for messages already there", run: delayRetroactive},
}

// APIReference/API_SendMessage.html, MessageGroupId: "If you do not provide a MessageGroupId ... the action fails".
func needsGroup(e *env) {
	_, err := e.fifoQueue(nil).try("x", func(in *sqs.SendMessageInput) { in.MessageDeduplicationId = str("d") })
	e.refused(err, "MissingParameter")
}

// APIReference/API_SendMessage.html, MessageDeduplicationId.
func needsDedup(e *env) {
	group := func(in *sqs.SendMessageInput) { in.MessageGroupId = str("g") }
	_, err := e.fifoQueue(nil).try("x", group)
	e.refused(err, "InvalidParameterValue")
	e.fifoQueue(attributes{"ContentBasedDeduplication": "true"}).send("x", group)
}

// APIReference/API_SendMessage.html, MessageGroupId and MessageDeduplicationId.
func idCharacters(e *env) {
	q := e.fifoQueue(nil)
	punctuation := "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	q.send("x", as(punctuation, punctuation))
	q.send("y", as(strings.Repeat("g", 128), strings.Repeat("d", 128)))
	for _, bad := range []string{"", "a b", "\u00e9", strings.Repeat("x", 129)} {
		_, err := q.try("x", as(bad, "d1"))
		e.refused(err, "InvalidParameterValue")
		_, err = q.try("x", as("g1", bad))
		e.refused(err, "InvalidParameterValue")
	}
}

// SQSDeveloperGuide/sqs-message-timers.html: "FIFO queues don't support timers on individual messages".
func noMessageDelay(e *env) {
	_, err := e.fifoQueue(nil).try("x", in("g"), func(in *sqs.SendMessageInput) { in.DelaySeconds = 1 })
	e.refused(err, "InvalidParameterValue")
}

// APIReference/API_SendMessage.html, MessageDeduplicationId: "This parameter applies only to FIFO queues".
func standardDedup(e *env) {
	_, err := e.standardQueue(nil).try("x", func(in *sqs.SendMessageInput) { in.MessageDeduplicationId = str("d") })
	e.refused(err, "InvalidParameterValue")
}

// SQSDeveloperGuide/FIFO-queues-understanding-logic.html, receiving messages, batch retrieval.
func groupInOrder(e *env) {
	q := e.fifoQueue(nil)
	var bodies []string
	for i := range 10 {
		bodies = append(bodies, fmt.Sprint("m", i))
		q.send(bodies[i], in("g"))
	}
	q.get(bodies...)
}

// SQSDeveloperGuide/FIFO-queues-understanding-logic.html: no more of a group until what was received is deleted or visible again.
func groupWaits(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "600"})
	q.send("a", in("g"))
	q.send("b", in("g"))
	q.send("c", in("g"))
	got := q.get("a", "b")
	q.empty()
	q.delete(got[0])
	q.empty()
	q.delete(got[1])
	q.get("c")
}

// SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html and FIFO-queues-understanding-logic.html, order after a timeout.
func groupStartsAgain(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "5"})
	q.send("a", in("g"))
	q.send("b", in("g"))
	q.send("c", in("g"))
	q.get("a", "b")
	e.Pass(6 * time.Second)
	q.get("a", "b", "c")
}

// SQSDeveloperGuide/FIFO-queues-understanding-logic.html, with a timeout ended by ChangeMessageVisibility.
func groupReleased(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "600"})
	q.send("a", in("g"))
	q.send("b", in("g"))
	m := q.getOne("a")
	q.empty()
	q.hide(m, 0)
	q.get("a", "b")
}

// APIReference/API_ReceiveMessage.html: messages of another group are still received.
func groupsIndependent(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "600"})
	q.send("a1", in("a"))
	q.send("a2", in("a"))
	q.send("b1", in("b"))
	first := q.getOne("a1")
	e.equal("the group", first.Attributes["MessageGroupId"], "a")
	second := q.getOne("b1")
	q.delete(second)
	q.empty()
	q.delete(first)
	q.get("a2")
}

// SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html. AWS answers a duplicate with the ids of the message it repeats.
func duplicate(e *env) {
	q := e.fifoQueue(nil)
	first := q.send("x", as("g", "d"))
	again := q.send("other body", as("g", "d"))
	e.equal("the message id", *again.MessageId, *first.MessageId)
	e.equal("the sequence number", *again.SequenceNumber, *first.SequenceNumber)
	m := q.getOne("x")
	e.equal("the deduplication id", m.Attributes["MessageDeduplicationId"], "d")
	q.delete(m)
	q.empty()
}

// APIReference/API_SendMessage.html: it keeps track of the id "even after the message is received and deleted".
func duplicateDeleted(e *env) {
	q := e.fifoQueue(nil)
	q.send("x", as("g", "d"))
	q.delete(q.getOne("x"))
	q.send("x", as("g", "d"))
	q.empty()
}

// APIReference/API_SendMessage.html: the deduplication interval is five minutes.
func dedupInterval(e *env) {
	q := e.fifoQueue(nil)
	q.send("x", as("g", "d"))
	q.delete(q.getOne("x"))
	e.Pass(4*time.Minute + 45*time.Second)
	q.send("x", as("g", "d"))
	q.empty()
	e.Pass(20 * time.Second) // five minutes from the first send: the second did not renew it
	q.send("x", as("g", "d"))
	q.get("x")
}

// APIReference/API_CreateQueue.html, ContentBasedDeduplication: a hash of the body, "but not the attributes of the message".
func contentDedup(e *env) {
	q := e.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	group := func(in *sqs.SendMessageInput) { in.MessageGroupId = str("g") }
	q.send("x", group)
	q.send("x", group, withAttributes(values{"colour": textAttribute("red")}))
	q.send("y", group)
	q.get("x", "y")
}

// APIReference/API_CreateQueue.html: "your MessageDeduplicationId overrides the generated one".
func explicitDedup(e *env) {
	q := e.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	q.send("x", as("g", "d1"))
	q.send("x", as("g", "d2"))
	q.get("x", "x")
}

// APIReference/API_CreateQueue.html, DeduplicationScope.
func dedupScope(e *env) {
	whole := e.fifoQueue(nil)
	whole.send("x", as("a", "d"))
	whole.send("y", as("b", "d"))
	whole.get("x")
	whole.empty()
	perGroup := e.fifoQueue(attributes{"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"})
	perGroup.send("x", as("a", "d"))
	perGroup.send("y", as("b", "d"))
	perGroup.send("z", as("b", "d"))
	perGroup.fifo = false // two groups have no order between them
	perGroup.get("x", "y")
	perGroup.empty()
}

// APIReference/API_SendMessage.html, SequenceNumber: it "continues to increase for a particular MessageGroupId".
func sequenceNumbers(e *env) {
	q := e.fifoQueue(nil)
	a, b := q.send("a", in("g")), q.send("b", in("g"))
	if *a.SequenceNumber >= *b.SequenceNumber || len(*a.SequenceNumber) != len(*b.SequenceNumber) {
		e.Fatalf("the sequence numbers are %s and %s", *a.SequenceNumber, *b.SequenceNumber)
	}
	e.equal("the sequence number", q.getOne("a").Attributes["SequenceNumber"], *a.SequenceNumber)
}

// APIReference/API_ReceiveMessage.html: on a FIFO queue, deleting after the visibility timeout "fails with an error".
func expiredHandle(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "5"})
	q.send("x", in("g"))
	m := q.getOne("x")
	e.Pass(6 * time.Second)
	e.refused(q.tryDelete(m.ReceiptHandle), "InvalidParameterValue", "ReceiptHandleIsInvalid")
	q.delete(q.getOne("x"))
}

// SQSDeveloperGuide/sqs-visibility-timeout.html, extending.
func extendedHandle(e *env) {
	q := e.fifoQueue(attributes{"VisibilityTimeout": "5"})
	q.send("x", in("g"))
	m := q.getOne("x")
	q.hide(m, 20)
	e.Pass(6 * time.Second)
	q.delete(m)
	q.empty()
}

// SQSDeveloperGuide/sqs-delay-queues.html: "For FIFO queues, the per-queue delay setting is retroactive".
func delayRetroactive(e *env) {
	q := e.fifoQueue(attributes{"DelaySeconds": "900"})
	q.send("x", in("g"))
	q.empty()
	e.must(q.set(attributes{"DelaySeconds": "0"}))
	if e.Real {
		e.Pass(60 * time.Second) // APIReference/API_SetQueueAttributes.html: a change takes up to 60 seconds
	}
	q.get("x")
}
