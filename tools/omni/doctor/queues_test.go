package doctor

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/queue/localsqs"
)

func startSQS(t *testing.T) *sqs.Client {
	t.Helper()
	server, err := localsqs.Start(localsqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

func makeQueue(t *testing.T, client *sqs.Client, name string, attributes map[string]string) (url string) {
	t.Helper()
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *made.QueueUrl
}

func TestQueues(t *testing.T) {
	t.Parallel()
	client := startSQS(t)
	expect(t, Queues(t.Context(), client, "shop-"), []string{`problem queues: no queue's name begins with "shop-"`})
	dead := makeQueue(t, client, "shop-timer-dead", nil)
	found, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &dead, AttributeNames: []types.QueueAttributeName{"QueueArn"}})
	if err != nil {
		t.Fatal(err)
	}
	live := makeQueue(t, client, "shop-timer", map[string]string{
		"RedrivePolicy": `{"deadLetterTargetArn":"` + found.Attributes["QueueArn"] + `","maxReceiveCount":3}`,
	})
	makeQueue(t, client, "other", nil)
	for _, url := range []string{live, live, live} {
		send(t, client, url, 0)
	}
	send(t, client, live, 60)
	if _, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &live, MaxNumberOfMessages: 1}); err != nil {
		t.Fatal(err)
	}
	expect(t, Queues(t.Context(), client, "shop-"), []string{
		"ok queue shop-timer: 2 waiting, 1 in flight, 1 delayed", "ok queue shop-timer-dead: 0 waiting",
	})
	send(t, client, dead, 0)
	expect(t, Queues(t.Context(), client, ""), []string{
		"ok queue other: 0 waiting", "ok queue shop-timer: 2 waiting", "problem queue shop-timer-dead: 1 waiting, 0 in flight, 0 delayed, in a dead letter queue",
	})
	expect(t, []Finding{depth{name: "full", waiting: crowded + 1}.judge(false)}, []string{"warning queue full: 1001 waiting"})
}

func send(t *testing.T, client *sqs.Client, url string, delay int32) {
	t.Helper()
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("body"), DelaySeconds: delay}); err != nil {
		t.Fatal(err)
	}
}

func TestNoQueueServer(t *testing.T) {
	t.Parallel()
	client := sqs.New(sqs.Options{
		BaseEndpoint: aws.String("http://127.0.0.1:1"), Region: "local", RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	expect(t, Queues(t.Context(), client, ""), []string{"problem queues: listing the queues"})
}
