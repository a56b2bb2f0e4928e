package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// QueueAPI are the calls of SQS that a look at the queues makes.
type QueueAPI interface {
	sqs.ListQueuesAPIClient
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// crowded is how many messages wait when the functions do not keep up.
const crowded = 1000

// Queues looks at every queue whose name begins with the prefix: how much waits, and whether anything is dead.
func Queues(ctx context.Context, api QueueAPI, prefix string) []Finding {
	queues, err := list(ctx, api, prefix)
	if err != nil {
		return []Finding{found(Problem, "queues", "Look whether this machine reaches SQS and may list its queues.", "%v", err)}
	}
	if len(queues) == 0 {
		return []Finding{found(Problem, "queues", "Look at the prefix and the region, or deploy.", "no queue's name begins with %q", prefix)}
	}
	var dead []string
	for _, q := range queues {
		dead = append(dead, q.deadARN)
	}
	var findings []Finding
	for _, q := range queues {
		findings = append(findings, q.judge(slices.Contains(dead, q.arn)))
	}
	return findings
}

// depth is one queue and what is in it. The numbers are SQS's estimates.
type depth struct {
	name                       string
	arn, deadARN               string // deadARN: where its dead letters go; empty: nowhere
	waiting, inFlight, delayed int
}

func list(ctx context.Context, api QueueAPI, prefix string) ([]depth, error) {
	var queues []depth
	pages := sqs.NewListQueuesPaginator(api, &sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the queues: %w", err)
		}
		for _, url := range page.QueueUrls {
			q, err := read(ctx, api, url)
			if err != nil {
				return nil, err
			}
			queues = append(queues, q)
		}
	}
	slices.SortFunc(queues, func(a, b depth) int { return strings.Compare(a.name, b.name) })
	return queues, nil
}

func read(ctx context.Context, api QueueAPI, url string) (depth, error) {
	q := depth{name: path.Base(url)}
	out, err := api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		return q, fmt.Errorf("reading the attributes of queue %s: %w", q.name, err)
	}
	number := func(name types.QueueAttributeName) int {
		n, _ := strconv.Atoi(out.Attributes[string(name)]) // one that SQS leaves out is none
		return n
	}
	q.waiting = number(types.QueueAttributeNameApproximateNumberOfMessages)
	q.inFlight = number(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible)
	q.delayed = number(types.QueueAttributeNameApproximateNumberOfMessagesDelayed)
	q.arn = out.Attributes[string(types.QueueAttributeNameQueueArn)]
	var policy struct {
		Target string `json:"deadLetterTargetArn"`
	}
	if raw := out.Attributes[string(types.QueueAttributeNameRedrivePolicy)]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &policy); err != nil {
			return q, fmt.Errorf("reading the redrive policy of queue %s: %w", q.name, err)
		}
	}
	q.deadARN = policy.Target
	return q, nil
}

// judge says what the queue's depth means. A dead letter queue is emptied by a function within seconds.
func (q depth) judge(dead bool) Finding {
	about := "queue " + q.name
	text := fmt.Sprintf("%d waiting, %d in flight, %d delayed", q.waiting, q.inFlight, q.delayed)
	switch {
	case dead && q.waiting > 0:
		return found(Problem, about, "Look at the log of the deadletter function, which should take them; then at `omni dead list`.",
			"%s, in a dead letter queue", text)
	case q.waiting > crowded:
		return found(Warning, about, "Look whether its function runs and is throttled, and whether the database is reached.", "%s", text)
	}
	return ok(about, "%s", text)
}
