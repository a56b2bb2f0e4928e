package queue_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
)

// mediaQueues are the queues of files at a real SQS endpoint, all at one clock. refuse makes its calls fail.
type mediaQueues struct {
	t                  *testing.T
	client             *sqs.Client
	clock              *localsqs.ManualClock
	refuse             error
	media, timer, live string
}

func newMediaQueues(t *testing.T) *mediaQueues {
	t.Helper()
	t.Parallel()
	m := &mediaQueues{t: t, clock: localsqs.NewManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
	server, err := localsqs.Start(localsqs.Options{Clock: m.clock, Fault: func(string, bool) error { return m.refuse }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	m.client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		RetryMaxAttempts: 1,
	})
	m.media, m.timer, m.live = m.create("media", nil), m.create("timer", nil), m.create("live.fifo", map[string]string{"FifoQueue": "true"})
	return m
}

func (m *mediaQueues) create(name string, attributes map[string]string) string {
	m.t.Helper()
	created, err := m.client.CreateQueue(m.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		m.t.Fatal(err)
	}
	return *created.QueueUrl
}

func (m *mediaQueues) outbox() *queue.Outbox {
	urls := map[string]string{inbox.MediaQueue: m.media, inbox.LiveQueue: m.live}
	return queue.NewOutbox(queue.NewSender(m.client, urls, nil), queue.NewTimer(m.client, m.timer, urls, m.clock.Now), m.clock.Now)
}

// receive takes what is visible on a queue off it.
func (m *mediaQueues) receive(url string) []types.Message {
	m.t.Helper()
	var all []types.Message
	for {
		out, err := m.client.ReceiveMessage(m.t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		})
		if err != nil {
			m.t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		for _, message := range out.Messages {
			if _, err := m.client.DeleteMessage(m.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: message.ReceiptHandle}); err != nil {
				m.t.Fatal(err)
			}
		}
		all = append(all, out.Messages...)
	}
}

func (m *mediaQueues) fetch(in time.Duration) inbox.Fetch {
	f := inbox.Fetch{
		Job:     inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.MediaQueue, Account: uuid.Max, Lane: "live/7", Attempt: 2},
		Channel: "whatsapp", CredentialAccount: "default", Attachment: channels.Attachment{Kind: channels.Image, MediaID: "7", MIME: "image/png"},
	}
	if in > 0 {
		f.NotBefore = m.clock.Now().Add(in)
	}
	return f
}

func TestFilesAreQueuedForNowAndForLater(t *testing.T) {
	m := newMediaQueues(t)
	now, later := m.fetch(0), m.fetch(10*time.Second)
	fetches := []inbox.Fetch{now, later}
	for range 23 { // more than one call takes
		fetches = append(fetches, m.fetch(0))
	}
	if err := m.outbox().Fetch(t.Context(), fetches); err != nil {
		t.Fatal(err)
	}
	got := m.receive(m.media)
	if len(got) != 24 {
		t.Fatalf("%d messages", len(got))
	}
	same := 0
	for _, message := range got {
		task, err := queue.Decode(t.Context(), *message.Body, nil)
		if err != nil || task.Fetch == nil {
			t.Fatal(task, err)
		}
		if cmp.Equal(now, *task.Fetch) {
			same++
		}
	}
	if same != 1 {
		t.Errorf("%d messages are what was queued", same)
	}
	if waiting := m.receive(m.timer); len(waiting) != 0 {
		t.Error("one that waits is early")
	}
	m.clock.Advance(10 * time.Second)
	waiting := m.receive(m.timer)
	if len(waiting) != 1 {
		t.Fatalf("%d messages waited", len(waiting))
	}
	timed, err := queue.DecodeTimed(*waiting[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	timer := queue.NewTimer(m.client, m.timer, map[string]string{inbox.MediaQueue: m.media}, m.clock.Now)
	if err := timer.Deliver(t.Context(), timed); err != nil {
		t.Fatal(err)
	}
	arrived := m.receive(m.media)
	if len(arrived) != 1 {
		t.Fatalf("%d messages arrived", len(arrived))
	}
	if task, err := queue.Decode(t.Context(), *arrived[0].Body, nil); err != nil || task.Fetch == nil || task.Fetch.Job.ID != later.Job.ID {
		t.Errorf("%+v, %v", task, err)
	}
}

func TestWhatIsKnownOfAFileGoesIntoItsConversationsLane(t *testing.T) {
	m := newMediaQueues(t)
	fetch := m.fetch(0)
	want := inbox.FetchOutcome{File: fetch.Job.ID, Attempt: 2, Result: inbox.FetchThrottled, After: time.Minute, Reason: "Wait.", Detail: "429"}
	for range 2 { // the second is a repetition
		if err := m.outbox().ReportFetch(t.Context(), fetch.Job, want); err != nil {
			t.Fatal(err)
		}
	}
	got := m.receive(m.live)
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	task, err := queue.Decode(t.Context(), *got[0].Body, nil)
	if err != nil || task.Fetched == nil || got[0].Attributes["MessageGroupId"] != fetch.Job.Group() {
		t.Fatal(task, err, got[0].Attributes)
	}
	if diff := cmp.Diff(want, *task.Fetched); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatSQSDoesNotTakeIsAnError(t *testing.T) {
	m := newMediaQueues(t)
	m.refuse = errors.New("out of order")
	for name, fetch := range map[string]inbox.Fetch{"now": m.fetch(0), "later": m.fetch(time.Hour)} {
		if err := m.outbox().Fetch(t.Context(), []inbox.Fetch{fetch}); err == nil {
			t.Errorf("%s: nobody noticed", name)
		}
	}
	if err := m.outbox().ReportFetch(t.Context(), m.fetch(0).Job, inbox.FetchOutcome{}); err == nil {
		t.Error("an outcome: nobody noticed")
	}
}
