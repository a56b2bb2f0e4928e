package lambda_test

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
)

func TestTheMediaBootstrapReportsWhatItCouldNotFetch(t *testing.T) {
	t.Parallel()
	client, live, endpoint := startQueue(t)
	created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("media")})
	if err != nil {
		t.Fatal(err)
	}
	function := startFunction(t, bootstrap(t, "media"), map[string]string{
		"MESSAGE_QUEUE_URL": live, "CHANNEL_SECRETS": "file:" + secretsFile(t), "FILES": "file:" + t.TempDir(),
		"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	fetch := inbox.Fetch{
		Job:     inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.MediaQueue, Lane: "live/7", Attempt: 1},
		Channel: "whatsapp", CredentialAccount: channels.DefaultAccount, Attachment: channels.Attachment{Kind: channels.Image, MediaID: "7"},
	}
	outbox := queue.NewOutbox(queue.NewSender(client, map[string]string{inbox.MediaQueue: *created.QueueUrl}, nil), nil, time.Now)
	if err := outbox.Fetch(t.Context(), []inbox.Fetch{fetch}); err != nil {
		t.Fatal(err)
	}
	var answer events.SQSEventResponse
	if err := function.invoke(t.Context(), queueEvent(t, client, *created.QueueUrl), &answer); err != nil || len(answer.BatchItemFailures) != 0 {
		t.Fatal(answer, err)
	}
	task, err := queue.Decode(t.Context(), queueEvent(t, client, live).Records[0].Body, nil)
	if err != nil || task.Fetched == nil || task.Fetched.File != fetch.Job.ID || task.Fetched.Result != inbox.FetchRefused { // there is no access token
		t.Errorf("%+v, %v", task.Fetched, err)
	}
}
