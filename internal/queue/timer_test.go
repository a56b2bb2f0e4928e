package queue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"omni/internal/queue"
	"omni/internal/queue/localsqs"
)

// timerSetup is a timer with its queue and two targets, all at one clock.
type timerSetup struct {
	*queue.Timer
	client                *sqs.Client
	clock                 *localsqs.ManualClock
	url, ordered, tangled string
}

func newTimer(t *testing.T) timerSetup {
	t.Helper()
	t.Parallel()
	clock := localsqs.NewManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server, err := localsqs.Start(localsqs.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	s := timerSetup{clock: clock, client: sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		RetryMaxAttempts: 1,
	})}
	s.url = s.create(t, "timer", nil)
	s.ordered = s.create(t, "ordered.fifo", map[string]string{"FifoQueue": "true"})
	s.tangled = s.create(t, "tangled", nil)
	s.Timer = queue.NewTimer(s.client, s.url, map[string]string{"ordered": s.ordered, "tangled": s.tangled}, clock.Now)
	return s
}

func (s timerSetup) create(t *testing.T, name string, attributes map[string]string) string {
	t.Helper()
	created, err := s.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *created.QueueUrl
}

// receive returns what is visible on a queue.
func (s timerSetup) receive(t *testing.T, url string) []types.Message {
	t.Helper()
	out, err := s.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func (s timerSetup) message(in time.Duration) queue.Timed {
	return queue.Timed{At: s.clock.Now().Add(in), Queue: "ordered", Group: "g1", Dedup: "job-1:2", Body: `{"text":"<Grüße> 👋"}`}
}

func TestLaterHidesAMessageNeverTooShort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, hidden time.Duration }{
		"past":             {-time.Hour, 0},
		"long past":        {-200 * 365 * 24 * time.Hour, 0},
		"now":              {0, 0},
		"in a moment":      {time.Millisecond, time.Second},
		"in 10 s":          {10 * time.Second, 10 * time.Second},
		"in 10.2 s":        {10200 * time.Millisecond, 11 * time.Second},
		"just below limit": {15*time.Minute - time.Millisecond, 15 * time.Minute},
		"in 40 minutes":    {40 * time.Minute, 15 * time.Minute},
		"in 290 years":     {290 * 365 * 24 * time.Hour, 15 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTimer(t)
			want := s.message(c.in)
			if err := s.Later(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			if c.hidden > 0 {
				s.clock.Advance(c.hidden - time.Millisecond)
				if early := s.receive(t, s.url); len(early) > 0 {
					t.Fatalf("it came before %v", c.hidden)
				}
				s.clock.Advance(time.Millisecond)
			}
			got := s.receive(t, s.url)
			if len(got) != 1 {
				t.Fatalf("it did not come after %v", c.hidden)
			}
			read, err := queue.DecodeTimed(*got[0].Body)
			if diff := cmp.Diff(want, read); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestDeliverKeepsGroupAndDeduplication(t *testing.T) {
	s := newTimer(t)
	want := s.message(0)
	for range 2 {
		if err := s.Deliver(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
	got := s.receive(t, s.ordered)
	if len(got) != 1 {
		t.Fatalf("one message wanted, got %d", len(got))
	}
	a := got[0].Attributes
	if *got[0].Body != want.Body || a["MessageGroupId"] != want.Group || a["MessageDeduplicationId"] != want.Dedup {
		t.Errorf("%s, %v", *got[0].Body, a)
	}
}

func TestDeliverToAStandardQueue(t *testing.T) {
	s := newTimer(t)
	if err := s.Deliver(t.Context(), queue.Timed{Queue: "tangled", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	if got := s.receive(t, s.tangled); len(got) != 1 || *got[0].Body != "b" {
		t.Errorf("got %v", got)
	}
}

func TestWhatCannotBeSentIsAnError(t *testing.T) {
	s := newTimer(t)
	unknown := s.message(0)
	unknown.Queue = "nowhere"
	if err := s.Deliver(t.Context(), unknown); err == nil || !strings.Contains(err.Error(), `no queue "nowhere"`) {
		t.Errorf("an unknown target: %v", err)
	}
	large := s.message(time.Hour)
	large.Body = strings.Repeat("x", 1<<20)
	if err := s.Later(t.Context(), large); err == nil || !strings.Contains(err.Error(), `putting off a message for queue "ordered"`) {
		t.Errorf("one that is too large to wait: %v", err)
	}
	gone := queue.NewTimer(s.client, s.url+"-gone", map[string]string{"ordered": s.ordered + "-gone"}, s.clock.Now)
	if err := gone.Later(t.Context(), s.message(0)); err == nil {
		t.Error("there is no timer queue, and nobody noticed")
	}
	if err := gone.Deliver(t.Context(), s.message(0)); err == nil || !strings.Contains(err.Error(), `delivering a message to queue "ordered"`) {
		t.Errorf("a target that is gone: %v", err)
	}
}

func TestWhatIsIncompleteDoesNotWait(t *testing.T) {
	s := newTimer(t)
	for part, spoil := range map[string]func(*queue.Timed){
		"when":         func(m *queue.Timed) { m.At = time.Time{} },
		"where":        func(m *queue.Timed) { m.Queue = "" },
		"one of group": func(m *queue.Timed) { m.Group = "" },
		"not both":     func(m *queue.Timed) { m.Dedup = "" },
		"no body":      func(m *queue.Timed) { m.Body = "" },
		"putting off":  func(m *queue.Timed) { m.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, // RFC 3339 ends with 9999
	} {
		m := s.message(time.Hour)
		spoil(&m)
		if err := s.Later(t.Context(), m); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	s.clock.Advance(time.Hour)
	if got := s.receive(t, s.url); len(got) > 0 {
		t.Errorf("%d of them wait", len(got))
	}
}

func TestBodiesThatDoNotWait(t *testing.T) {
	t.Parallel()
	const rest = `"at":"2026-03-01T12:00:00Z","queue":"q","group":"g","dedup":"d","body":"b"}`
	if _, err := queue.DecodeTimed(`{"version":1,"kind":"timed",` + rest); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		``, `{`, `{}`, `null`, `[]`, `{"version":2,"kind":"timed",` + rest, `{"version":1,"kind":"wake",` + rest, `{"version":1,` + rest,
		`{"version":1,"kind":"timed"}`, `{"version":1,"kind":"timed","at":"tomorrow","queue":"q","body":"b"}`,
		`{"version":1,"kind":"timed","at":"2026-03-01T12:00:00Z","queue":"q","group":"g","body":"b"}`,
	} {
		if _, err := queue.DecodeTimed(body); !errors.Is(err, queue.ErrUnreadable) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
