package outside_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"omni/internal/outside"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
)

// world is a timer between two queues of a real SQS endpoint, all at one clock.
type world struct {
	t           *testing.T
	queue       *queue.Timer
	timer       outside.Timer
	client      *sqs.Client
	clock       *localsqs.ManualClock
	start       time.Time
	url, target string
	refuse      func(action string, done bool) error // nil: nothing
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := &world{t: t, clock: localsqs.NewManualClock(start), start: start}
	server, err := localsqs.Start(localsqs.Options{Clock: w.clock, Fault: w.fault})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	w.client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		RetryMaxAttempts: 1,
	})
	w.url = w.create("timer", map[string]string{"VisibilityTimeout": "60"})
	w.target = w.create("live.fifo", map[string]string{"FifoQueue": "true"})
	w.queue = queue.NewTimer(w.client, w.url, map[string]string{"live": w.target}, w.clock.Now)
	w.timer = outside.Timer{Queue: w.queue, Now: w.clock.Now}
	return w
}

func (w *world) fault(action string, done bool) error {
	if w.refuse == nil {
		return nil
	}
	return w.refuse(action, done)
}

func (w *world) create(name string, attributes map[string]string) string {
	w.t.Helper()
	created, err := w.client.CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		w.t.Fatal(err)
	}
	return *created.QueueUrl
}

// later puts off a message that is called name.
func (w *world) later(name string, in time.Duration) {
	w.t.Helper()
	m := queue.Timed{At: w.start.Add(in), Queue: "live", Group: "thread", Dedup: name + ":1", Body: name}
	if err := w.queue.Later(w.t.Context(), m); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) receive(url string) []types.Message {
	w.t.Helper()
	out, err := w.client.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Messages
}

func (w *world) delete(url string, m types.Message) {
	w.t.Helper()
	if _, err := w.client.DeleteMessage(w.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
		w.t.Fatal(err)
	}
}

// tick is a run of the function over what is visible, and deletes what is done. It returns how much that was, and the errors of the rest.
func (w *world) tick() (done int, failed []error) {
	w.t.Helper()
	for _, m := range w.receive(w.url) {
		if err := w.timer.Tick(w.t.Context(), *m.Body); err != nil {
			failed = append(failed, err)
			continue
		}
		w.delete(w.url, m)
		done++
	}
	return done, failed
}

// arrived lists what is on the target, as "name group dedup +seconds".
func (w *world) arrived() []string {
	w.t.Helper()
	var list []string
	for _, m := range w.receive(w.target) {
		list = append(list, fmt.Sprintf("%s %s %s +%.0f", *m.Body, m.Attributes["MessageGroupId"], m.Attributes["MessageDeduplicationId"],
			w.clock.Now().Sub(w.start).Seconds()))
		w.delete(w.target, m)
	}
	return list
}

// arrivals lets time pass second by second and lists what reaches the target in it, and counts the timer's deliveries.
func (w *world) arrivals(until time.Duration) (list []string, hops int) {
	w.t.Helper()
	for ; ; w.clock.Advance(time.Second) {
		done, failed := w.tick()
		if len(failed) > 0 {
			w.t.Fatal(failed)
		}
		hops += done
		if done > 0 {
			list = append(list, w.arrived()...)
		}
		if w.clock.Now().Sub(w.start) >= until {
			return list, hops
		}
	}
}

func TestMessagesArriveWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   time.Duration
		want string
		hops int
	}{
		"past":                 {-time.Hour, "m thread m:1 +0", 1},
		"now":                  {0, "m thread m:1 +0", 1},
		"in 10 s":              {10 * time.Second, "m thread m:1 +10", 1},
		"in 10.5 s":            {10500 * time.Millisecond, "m thread m:1 +11", 1},
		"in 15 minutes":        {15 * time.Minute, "m thread m:1 +900", 1},
		"a second above those": {901 * time.Second, "m thread m:1 +901", 2},
		"in 40 minutes":        {40 * time.Minute, "m thread m:1 +2400", 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.later("m", c.in)
			got, hops := w.arrivals(max(c.in, 0) + time.Minute)
			if diff := cmp.Diff([]string{c.want}, got); diff != "" || hops != c.hops {
				t.Errorf("%d hops, %d wanted; (-want +got):\n%s", hops, c.hops, diff)
			}
		})
	}
}

func TestMessagesArriveInTheOrderInWhichTheyAreDue(t *testing.T) {
	w := newWorld(t)
	for name, in := range map[string]time.Duration{"d": 30 * time.Minute, "a": time.Second, "c": 20 * time.Minute, "b": 19 * time.Minute} {
		w.later(name, in)
	}
	got, _ := w.arrivals(31 * time.Minute)
	if diff := cmp.Diff([]string{"a thread a:1 +1", "b thread b:1 +1140", "c thread c:1 +1200", "d thread d:1 +1800"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The function is killed after it sent a message on and before the delivery was deleted, so that it comes again after 60 s.
func TestACrashInAnyHopDeliversOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		crash time.Duration
		hops  int // after the crash
	}{
		"on the way": {15 * time.Minute, 3}, // the delivery again, and each of the two messages it made
		"at the end": {20 * time.Minute, 1}, // the delivery again
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.later("m", 20*time.Minute)
			early, _ := w.arrivals(c.crash - time.Second)
			w.clock.Advance(time.Second)
			deliveries := w.receive(w.url)
			if len(early) > 0 || len(deliveries) != 1 {
				t.Fatalf("%v arrived early; %d deliveries", early, len(deliveries))
			}
			if err := w.timer.Tick(t.Context(), *deliveries[0].Body); err != nil {
				t.Fatal(err)
			}
			got := w.arrived()
			rest, hops := w.arrivals(25 * time.Minute)
			if diff := cmp.Diff([]string{"m thread m:1 +1200"}, append(got, rest...)); diff != "" || hops != c.hops {
				t.Errorf("%d hops after the crash, %d wanted; (-want +got):\n%s", hops, c.hops, diff)
			}
		})
	}
}

// SQS took the message but its answer was lost, so the delivery fails and comes again.
func TestALostAnswerDeliversOnce(t *testing.T) {
	w := newWorld(t)
	w.later("m", 0)
	lost := 0
	w.refuse = func(action string, done bool) error {
		if action == "SendMessage" && done && lost == 0 {
			lost++
			return errors.New("the connection broke")
		}
		return nil
	}
	if done, failed := w.tick(); done != 0 || len(failed) != 1 {
		t.Fatalf("%d done, %v", done, failed)
	}
	if got, _ := w.arrivals(2 * time.Minute); len(got) != 1 {
		t.Errorf("one arrival wanted, got %v", got)
	}
	if lost != 1 {
		t.Error("no answer was lost")
	}
}

func TestAnOutageOfTheTargetLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.later("m", 10*time.Second)
	w.refuse = func(action string, _ bool) error {
		if action == "SendMessage" {
			return errors.New("out of order")
		}
		return nil
	}
	w.clock.Advance(10 * time.Second)
	for range 3 {
		if done, failed := w.tick(); done != 0 || len(failed) != 1 {
			t.Fatalf("%d done, %v", done, failed)
		}
		w.clock.Advance(time.Minute)
	}
	w.refuse = nil
	if got, _ := w.arrivals(0); len(got) != 1 {
		t.Errorf("one arrival wanted, got %v", got)
	}
}

func TestWhatIsNoTimedMessageIsAnError(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"{", "{}", `{"version":1,"kind":"wake","job":{}}`} {
		if err := w.timer.Tick(t.Context(), body); !errors.Is(err, queue.ErrUnreadable) {
			t.Errorf("%s: %v", body, err)
		}
	}
	unknown := queue.Timed{At: w.start, Queue: "nowhere", Body: "b"}
	if err := w.queue.Later(t.Context(), unknown); err != nil {
		t.Fatal(err)
	}
	if done, failed := w.tick(); done != 0 || len(failed) != 1 || errors.Is(failed[0], queue.ErrUnreadable) {
		t.Errorf("a target that this version does not know yet: %d done, %v", done, failed)
	}
}
