package lambda_test

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/inbox"
	"omni/internal/queue"
)

func TestTheTimerBootstrapDeliversWhatIsDueAndReportsPoison(t *testing.T) {
	t.Parallel()
	client, live, endpoint := startQueue(t)
	created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("timer")})
	if err != nil {
		t.Fatal(err)
	}
	function := startFunction(t, bootstrap(t, "timer"), map[string]string{
		"TIMER_QUEUE_URL": *created.QueueUrl, "MESSAGE_QUEUE_URL": live,
		"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})

	due := queue.Timed{At: time.Now(), Queue: inbox.LiveQueue, Group: "g", Dedup: "job:1", Body: "the job"}
	timer := queue.NewTimer(client, *created.QueueUrl, nil, time.Now)
	if err := timer.Later(t.Context(), due); err != nil {
		t.Fatal(err)
	}
	batch := queueEvent(t, client, *created.QueueUrl)
	batch.Records = append(batch.Records, events.SQSMessage{MessageId: "poison", Body: "{", Attributes: map[string]string{}})
	var outcome events.SQSEventResponse
	if err := function.invoke(t.Context(), batch, &outcome); err != nil {
		t.Fatal(err)
	}
	if len(outcome.BatchItemFailures) != 1 || outcome.BatchItemFailures[0].ItemIdentifier != "poison" {
		t.Errorf("the timer answered %+v", outcome)
	}
	arrived := queueEvent(t, client, live).Records[0]
	a := arrived.Attributes
	if arrived.Body != due.Body || a["MessageGroupId"] != due.Group || a["MessageDeduplicationId"] != due.Dedup {
		t.Errorf("arrived as %+v", arrived)
	}
}
