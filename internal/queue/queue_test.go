package queue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
)

// setup returns a client and a FIFO queue of a real SQS endpoint; fault may refuse its calls.
func setup(t *testing.T, fault func(action string, done bool) error) (*sqs.Client, string) {
	t.Helper()
	t.Parallel()
	server, err := localsqs.Start(localsqs.Options{Fault: fault})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	client := sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		RetryMaxAttempts: 1,
	})
	created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String("messages.fifo"), Attributes: map[string]string{"FifoQueue": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, *created.QueueUrl
}

func job(thread string, n int) inbox.Job {
	return inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.LiveQueue, Account: uuid.Max, Lane: thread, UpTo: int64(n), Attempt: 1}
}

// drain receives and deletes everything and returns the jobs as "thread/row".
func drain(t *testing.T, client *sqs.Client, url string) []string {
	t.Helper()
	var got []string
	for {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return got
		}
		for _, m := range out.Messages {
			task, err := queue.Decode(t.Context(), *m.Body, nil)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s/%d", task.Job.Lane, task.Job.UpTo))
			if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestJobsOfALaneArriveInOrder(t *testing.T) {
	client, url := setup(t, nil)
	sender := queue.NewSender(client, map[string]string{inbox.LiveQueue: url}, nil)
	var want []string
	for n := range 25 {
		if err := sender.Send(t.Context(), []inbox.Job{job("a", n)}); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("a/%d", n))
	}
	if diff := cmp.Diff(want, drain(t, client, url)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestManyJobsGoInOneSend(t *testing.T) {
	client, url := setup(t, nil)
	var jobs []inbox.Job
	for n := range 95 {
		jobs = append(jobs, job(fmt.Sprint("thread-", n), n))
	}
	sender := queue.NewSender(client, map[string]string{inbox.LiveQueue: url}, nil)
	for range 2 { // the second time SQS knows every one of them already
		if err := sender.Send(t.Context(), jobs); err != nil {
			t.Fatal(err)
		}
	}
	if got := drain(t, client, url); len(got) != 95 {
		t.Errorf("95 jobs wanted, got %d", len(got))
	}
}

func TestADeliberateSecondAttemptIsNotSwallowed(t *testing.T) {
	client, url := setup(t, nil)
	sender := queue.NewSender(client, map[string]string{inbox.LiveQueue: url}, nil)
	first := job("a", 1)
	again := first
	again.Attempt = 2
	if err := sender.Send(t.Context(), []inbox.Job{first}); err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), []inbox.Job{again}); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, client, url); len(got) != 2 {
		t.Errorf("2 jobs wanted, got %v", got)
	}
}

func TestARefusalIsAnError(t *testing.T) {
	client, url := setup(t, func(action string, _ bool) error {
		if action == "SendMessageBatch" {
			return errors.New("out of order")
		}
		return nil
	})
	err := queue.NewSender(client, map[string]string{inbox.LiveQueue: url}, nil).Send(t.Context(), []inbox.Job{job("a", 1)})
	if err == nil || !strings.Contains(err.Error(), "queueing 1 jobs") {
		t.Errorf("got %v", err)
	}
}

func TestNoJobsNeedNoCall(t *testing.T) {
	t.Parallel()
	if err := queue.NewSender(nil, nil, nil).Send(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestBodiesThatAreNoJobs(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{`, `{}`, `{"version":2,"kind":"wake"}`, `{"version":1,"kind":"sleep"}`, `{"version":1,"kind":"wake","job":{}}`} {
		if _, err := queue.Decode(t.Context(), body, nil); err == nil {
			t.Errorf("%q was taken for a job", body)
		}
	}
}

// memory is an object store of its own.
type memory map[string][]byte

func (m memory) Put(_ context.Context, key string, content []byte) error {
	m[key] = content
	return nil
}

func (m memory) Get(_ context.Context, key string) ([]byte, error) { return m[key], nil }

func TestPartsTravelWhateverTheirSize(t *testing.T) {
	client, url := setup(t, nil)
	blobs := memory{}
	urls := map[string]string{inbox.LiveQueue: url, inbox.BulkQueue: url}
	events := []channels.Event{
		{Kind: channels.KindMessage, Account: "a", Thread: "t1", ID: "1", At: time.Unix(1, 0).UTC(), Raw: bytes.Repeat([]byte("x"), 600_000)},
		{Kind: channels.KindMessage, Account: "a", Thread: "t2", ID: "2", Raw: bytes.Repeat([]byte("y"), 700_000)},
		{Kind: channels.KindMessage, Account: "a", Thread: "t2", ID: "3", Raw: bytes.Repeat([]byte("z"), 500_000)},
		{Kind: channels.KindStatus, Account: "a", Thread: "t1", ID: "4", Raw: []byte("s")},
	}
	w := inbox.Webhook{ID: uuid.Max, Channel: "chat", CredentialAccount: "default", Body: []byte{0xff, 0x00}, Events: events}
	parts := inbox.Split(w, uuid.New)
	if err := queue.NewSender(client, urls, blobs).Spill(t.Context(), parts); err != nil {
		t.Fatal(err)
	}
	if len(blobs) != 1 {
		t.Errorf("only the part above 1 MiB belongs into the object store, which has %d", len(blobs))
	}
	var got []channels.Event
	bodies := 0
	for _, body := range receiveAll(t, client, url) {
		task, err := queue.Decode(t.Context(), body, blobs)
		if err != nil || task.Webhook.ID != w.ID {
			t.Fatalf("%+v, %v", task, err)
		}
		if bytes.Equal(task.Webhook.Body, w.Body) && !task.Webhook.Partial {
			bodies++
		}
		got = append(got, task.Webhook.Events...)
	}
	slices.SortFunc(got, func(a, b channels.Event) int { return strings.Compare(a.ID, b.ID) })
	if diff := cmp.Diff(events, got); diff != "" || bodies != 1 {
		t.Errorf("%d parts with the body; events (-want +got):\n%s", bodies, diff)
	}
}

func receiveAll(t *testing.T, client *sqs.Client, url string) []string {
	t.Helper()
	var bodies []string
	for {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return bodies
		}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
		}
	}
}
