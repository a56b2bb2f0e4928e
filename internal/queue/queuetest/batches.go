package queuetest

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var batchChecks = []check{
	{rule: "a batch sends, hides and deletes ten messages", run: batchOfTen},
	{rule: "a batch has one to ten entries with distinct ids", run: batchShape},
	{rule: "entries of a batch fail by themselves", run: batchPartialFailure},
	{rule: "a batch has at most 1 MiB in all", run: batchSize},
	{rule: "a FIFO batch keeps its order", run: batchOrder},
}

func entries(bodies ...string) []types.SendMessageBatchRequestEntry {
	var all []types.SendMessageBatchRequestEntry
	for i, body := range bodies {
		all = append(all, types.SendMessageBatchRequestEntry{Id: str(fmt.Sprint("e", i)), MessageBody: &body})
	}
	return all
}

func (q *queue) trySendBatch(all []types.SendMessageBatchRequestEntry) (*sqs.SendMessageBatchOutput, error) {
	return q.Client.SendMessageBatch(q.ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: all})
}

// APIReference/API_SendMessageBatch.html, API_ChangeMessageVisibilityBatch.html, API_DeleteMessageBatch.html.
func batchOfTen(e *env) {
	q := e.standardQueue(nil)
	bodies := strings.Split("a b c d e f g h i j", " ")
	sent, err := q.trySendBatch(entries(bodies...))
	e.must(err)
	e.equal("the number sent", len(sent.Successful), 10)
	var hide []types.ChangeMessageVisibilityBatchRequestEntry
	for i, m := range q.get(bodies...) {
		hide = append(hide, types.ChangeMessageVisibilityBatchRequestEntry{Id: str(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
	}
	hidden, err := e.Client.ChangeMessageVisibilityBatch(e.ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.url, Entries: hide})
	e.must(err)
	e.equal("the number made visible", len(hidden.Successful), 10)
	var remove []types.DeleteMessageBatchRequestEntry
	for i, m := range q.get(bodies...) {
		remove = append(remove, types.DeleteMessageBatchRequestEntry{Id: str(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
	}
	remove = append(remove[:9], types.DeleteMessageBatchRequestEntry{Id: str("bad"), ReceiptHandle: str("bad")})
	removed, err := e.Client.DeleteMessageBatch(e.ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.url, Entries: remove})
	e.must(err)
	e.equal("the number deleted", len(removed.Successful), 9)
	e.equal("the entry that failed", *removed.Failed[0].Id, "bad")
	e.equal("its code", *removed.Failed[0].Code, "ReceiptHandleIsInvalid")
}

// APIReference/API_SendMessageBatch.html, errors.
func batchShape(e *env) {
	q := e.standardQueue(nil)
	same, long, odd := entries("a", "b"), entries("a"), entries("a")
	same[1].Id, long[0].Id, odd[0].Id = same[0].Id, str(strings.Repeat("x", 81)), str("a b")
	for _, c := range []struct {
		entries []types.SendMessageBatchRequestEntry
		code    string
	}{
		{entries(), "EmptyBatchRequest"},
		{entries(strings.Split("a b c d e f g h i j k", " ")...), "TooManyEntriesInBatchRequest"},
		{same, "BatchEntryIdsNotDistinct"},
		{long, "InvalidBatchEntryId"},
		{odd, "InvalidBatchEntryId"},
	} {
		if c.entries == nil {
			c.entries = []types.SendMessageBatchRequestEntry{} // the SDK itself refuses nil
		}
		_, err := q.trySendBatch(c.entries)
		e.refused(err, "AWS.SimpleQueueService."+c.code)
	}
}

// APIReference/API_SendMessageBatch.html: "The result of sending each message is reported individually".
func batchPartialFailure(e *env) {
	q := e.standardQueue(attributes{"MaximumMessageSize": "1024"})
	out, err := q.trySendBatch(entries("good", strings.Repeat("x", 1025), "better"))
	e.must(err)
	if len(out.Successful) != 2 || len(out.Failed) != 1 {
		e.Fatalf("%d entries succeeded and %d failed, want 2 and 1", len(out.Successful), len(out.Failed))
	}
	failed := out.Failed[0]
	e.equal("the entry that failed", *failed.Id, "e1")
	e.equal("its code", *failed.Code, "InvalidParameterValue")
	e.equal("whether it is the sender's fault", failed.SenderFault, true)
	q.get("good", "better")
}

// APIReference/API_SendMessageBatch.html, BatchRequestTooLong.
func batchSize(e *env) {
	half := strings.Repeat("x", 1<<19)
	q := e.standardQueue(nil)
	_, err := q.trySendBatch(entries(half, half+"x"))
	e.refused(err, "AWS.SimpleQueueService.BatchRequestTooLong")
	out, err := q.trySendBatch(entries(half, half))
	e.must(err)
	e.equal("the number sent", len(out.Successful), 2)
}

// APIReference/API_SendMessageBatch.html: "For a FIFO queue, multiple messages within a single batch are enqueued in the order they are
// sent".
func batchOrder(e *env) {
	q := e.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	bodies := strings.Split("j i h g f e d c b a", " ")
	all := entries(bodies...)
	for i := range all {
		all[i].MessageGroupId = str("g")
	}
	_, err := q.trySendBatch(all)
	e.must(err)
	q.get(bodies...)
}
