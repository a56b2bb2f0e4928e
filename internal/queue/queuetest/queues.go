package queuetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var queueChecks = []check{
	{rule: "a queue has the default attributes", run: defaultAttributes},
	{rule: "a queue created again with the same attributes is the same queue", run: createAgain},
	{rule: "a queue created again with another attribute is refused", run: createDifferently},
	{rule: "attributes outside of their range are refused", run: attributeRanges},
	{rule: "a queue name has up to 80 letters, digits, hyphens and underscores", run: queueNames},
	{rule: "attributes of FIFO queues are not for standard queues", run: fifoAttributes},
	{rule: "throughput per group needs deduplication per group", run: throughputNeedsScope},
	{rule: "a queue that does not exist is reported", run: noQueue},
	{rule: "changed attributes are read back and others stay", run: changeAttributes},
	{rule: "queues are listed by prefix and in pages", run: listQueues},
	{rule: "the counts tell visible, hidden and delayed messages apart", run: counts},
	{rule: "purging deletes every message and is refused for a minute", run: purge},
	{rule: "a deleted queue is gone and its name is taken for a minute", run: deleteQueue},
	{rule: "a message is deleted after the retention period", run: retention, minutes: true},
}

// APIReference/API_CreateQueue.html, the default of each attribute.
func defaultAttributes(e *env) {
	q := e.fifoQueue(nil)
	out, err := e.Client.GetQueueAttributes(e.ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	e.must(err)
	wanted := attributes{
		"DelaySeconds": "0", "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
		"VisibilityTimeout": "30", "FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "queue",
		"FifoThroughputLimit": "perQueue",
	}
	for name, want := range wanted {
		e.equal(name, out.Attributes[name], want)
	}
	if arn := out.Attributes["QueueArn"]; !strings.HasPrefix(arn, "arn:aws:sqs:") || !strings.HasSuffix(arn, ":"+q.name) {
		e.Fatalf("the ARN is %q", arn)
	}
	created, err := strconv.ParseInt(out.Attributes["CreatedTimestamp"], 10, 64)
	if err != nil || time.Unix(created, 0).Year() < 2000 {
		e.Fatalf("created at %q", out.Attributes["CreatedTimestamp"])
	}
}

// APIReference/API_CreateQueue.html: "the exact same names and values" returns the URL of the existing queue.
func createAgain(e *env) {
	a := attributes{"VisibilityTimeout": "7"}
	q := e.standardQueue(a)
	out, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: &q.name, Attributes: a})
	e.must(err)
	e.equal("the URL", *out.QueueUrl, q.url)
	found, err := e.Client.GetQueueUrl(e.ctx, &sqs.GetQueueUrlInput{QueueName: &q.name})
	e.must(err)
	e.equal("the URL", *found.QueueUrl, q.url)
}

// APIReference/API_CreateQueue.html, QueueNameExists.
func createDifferently(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "7"})
	_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: &q.name, Attributes: attributes{"VisibilityTimeout": "8"}})
	e.refused(err, "QueueAlreadyExists")
}

// APIReference/API_CreateQueue.html, the valid values of each attribute.
func attributeRanges(e *env) {
	for _, a := range []attributes{
		{"DelaySeconds": "901"}, {"MaximumMessageSize": "1023"}, {"MaximumMessageSize": "1048577"}, {"MessageRetentionPeriod": "59"},
		{"MessageRetentionPeriod": "1209601"}, {"ReceiveMessageWaitTimeSeconds": "21"}, {"VisibilityTimeout": "43201"},
		{"VisibilityTimeout": "-1"}, {"VisibilityTimeout": "soon"},
	} {
		_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: str(newName()), Attributes: a})
		e.refused(err, "InvalidAttributeValue")
	}
	_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: str(newName()), Attributes: attributes{"Colour": "red"}})
	e.refused(err, "InvalidAttributeName")
}

// SQSDeveloperGuide/quotas-queues.html and quotas-fifo.html, queue name.
func queueNames(e *env) {
	fifo := attributes{"FifoQueue": "true"}
	for _, c := range []struct {
		name string
		a    attributes
	}{
		{strings.Repeat("a", 81), nil}, {"a b", nil}, {"a.b", nil},
		{newName(), fifo}, {strings.Repeat("a", 76) + ".fifo", fifo}, {newName() + ".fifo", nil},
	} {
		_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: &c.name, Attributes: c.a})
		e.refused(err, "InvalidParameterValue")
	}
}

// APIReference/API_CreateQueue.html: ContentBasedDeduplication and the high-throughput attributes apply to FIFO queues only.
func fifoAttributes(e *env) {
	for _, a := range []attributes{
		{"ContentBasedDeduplication": "true"}, {"DeduplicationScope": "queue"}, {"FifoThroughputLimit": "perQueue"},
	} {
		_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: str(newName()), Attributes: a})
		e.refused(err, "InvalidAttributeName")
	}
}

// APIReference/API_CreateQueue.html, FifoThroughputLimit.
func throughputNeedsScope(e *env) {
	a := attributes{"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "queue"}
	_, err := e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: str(newName() + ".fifo"), Attributes: a})
	e.refused(err, "InvalidAttributeValue", "InvalidParameterValue")
	a["DeduplicationScope"] = "messageGroup"
	e.create(newName()+".fifo", a)
}

// APIReference/API_GetQueueUrl.html and API_SendMessage.html, QueueDoesNotExist.
func noQueue(e *env) {
	_, err := e.Client.GetQueueUrl(e.ctx, &sqs.GetQueueUrlInput{QueueName: str(newName())})
	e.refused(err, "AWS.SimpleQueueService.NonExistentQueue")
	q := *e.standardQueue(nil)
	q.url += "-not"
	_, err = q.try("x")
	e.refused(err, "AWS.SimpleQueueService.NonExistentQueue")
}

// APIReference/API_SetQueueAttributes.html.
func changeAttributes(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "7", "DelaySeconds": "3"})
	e.must(q.set(attributes{"VisibilityTimeout": "8"}))
	q.count("VisibilityTimeout", "8")
	e.equal("DelaySeconds", q.attribute("DelaySeconds"), "3")
	e.refused(q.set(attributes{"VisibilityTimeout": "43201"}), "InvalidAttributeValue")
	e.refused(q.set(attributes{"FifoQueue": "true"}), "InvalidAttributeName")
}

// APIReference/API_ListQueues.html.
func listQueues(e *env) {
	prefix := newName()
	var want []string
	for i := range 3 {
		want = append(want, e.create(fmt.Sprintf("%s-%d", prefix, i), nil).url)
	}
	if e.Real {
		e.Pass(5 * time.Second)
	}
	in := &sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: new(int32(2))}
	first, err := e.Client.ListQueues(e.ctx, in)
	e.must(err)
	if first.NextToken == nil {
		e.Fatal("two of three queues came without a token for the rest")
	}
	in.NextToken = first.NextToken
	rest, err := e.Client.ListQueues(e.ctx, in)
	e.must(err)
	got := append(first.QueueUrls, rest.QueueUrls...)
	slices.Sort(got)
	if !slices.Equal(got, want) || rest.NextToken != nil {
		e.Fatalf("listed %q, want %q", got, want)
	}
}

// APIReference/API_GetQueueAttributes.html, ApproximateNumberOfMessages, ...NotVisible and ...Delayed.
func counts(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "600"})
	for _, body := range []string{"a", "b", "c"} {
		q.send(body)
	}
	q.send("later", func(in *sqs.SendMessageInput) { in.DelaySeconds = 900 })
	for len(q.receive(1)) == 0 {
	}
	q.count(types.QueueAttributeNameApproximateNumberOfMessages, "2")
	q.count(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible, "1")
	q.count(types.QueueAttributeNameApproximateNumberOfMessagesDelayed, "1")
}

// APIReference/API_PurgeQueue.html; in-flight messages are deleted too.
func purge(e *env) {
	q := e.standardQueue(attributes{"VisibilityTimeout": "5"})
	q.send("seen")
	q.getOne("seen")
	q.send("unseen")
	in := &sqs.PurgeQueueInput{QueueUrl: &q.url}
	_, err := e.Client.PurgeQueue(e.ctx, in)
	e.must(err)
	_, err = e.Client.PurgeQueue(e.ctx, in)
	e.refused(err, "AWS.SimpleQueueService.PurgeQueueInProgress")
	if !e.Real || e.Slow {
		e.Pass(61 * time.Second)
		q.empty()
		_, err = e.Client.PurgeQueue(e.ctx, in)
		e.must(err)
	}
}

// APIReference/API_DeleteQueue.html; API_CreateQueue.html, QueueDeletedRecently.
func deleteQueue(e *env) {
	q := e.standardQueue(nil)
	q.send("x")
	_, err := e.Client.DeleteQueue(e.ctx, &sqs.DeleteQueueInput{QueueUrl: &q.url})
	e.must(err)
	_, err = e.Client.CreateQueue(e.ctx, &sqs.CreateQueueInput{QueueName: &q.name})
	e.refused(err, "AWS.SimpleQueueService.QueueDeletedRecently")
	if !e.Real || e.Slow {
		e.Pass(61 * time.Second)
		_, err = q.try("y")
		e.refused(err, "AWS.SimpleQueueService.NonExistentQueue")
		e.create(q.name, nil).empty()
	}
}

// APIReference/API_CreateQueue.html, MessageRetentionPeriod.
func retention(e *env) {
	q := e.standardQueue(attributes{"MessageRetentionPeriod": "60"})
	q.send("old")
	e.Pass(40 * time.Second)
	q.send("young")
	e.Pass(21 * time.Second)
	q.get("young")
	q.empty()
}
