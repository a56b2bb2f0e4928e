package localsqs

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if journal := os.Getenv(childJournal); journal != "" {
		beChild(journal)
	}
	goleak.VerifyTestMain(m)
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// box is a server that is called without a network.
type box struct {
	testing.TB
	*Server
	clock *ManualClock
}

func newBox(t testing.TB, o Options) *box {
	t.Helper()
	b := &box{TB: t, clock: NewManualClock(epoch)}
	o.Clock = b.clock
	b.Server = b.open(o)
	t.Cleanup(func() { b.Server.Close() })
	return b
}

func (b *box) open(o Options) *Server {
	b.Helper()
	s, err := Open(o)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// try makes one call as a client would.
func (b *box) try(ctx context.Context, action string, in, out any) error {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://sqs.test/", strings.NewReader(string(encode(in))))
	r.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		code, _, _ := strings.Cut(w.Header().Get("x-amzn-query-error"), ";")
		return &Error{Status: w.Code, Code: code, Message: w.Body.String()}
	}
	if out == nil || w.Body.Len() == 0 {
		return nil
	}
	return json.Unmarshal(w.Body.Bytes(), out)
}

func (b *box) call(action string, in, out any) {
	b.Helper()
	if err := b.try(b.Context(), action, in, out); err != nil {
		b.Fatalf("%s: %v", action, err)
	}
}

func (b *box) queue(name string, attributes map[string]string) string {
	b.Helper()
	var out queueURLOutput
	b.call("CreateQueue", createQueueInput{name, attributes}, &out)
	return out.QueueUrl
}

var fifo = map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"}

func (b *box) send(url, group, body string) {
	b.Helper()
	e := sendEntry{MessageBody: body}
	if group != "" {
		e.MessageGroupId = &group
	}
	b.call("SendMessage", sendInput{url, e}, nil)
}

func (b *box) receive(url string, max int) []receivedMessage {
	b.Helper()
	var out receiveOutput
	b.call("ReceiveMessage", receiveInput{QueueUrl: url, MaxNumberOfMessages: &max}, &out)
	return out.Messages
}

// want fails unless one receive brings exactly these bodies, in this order.
func (b *box) want(url string, bodies ...string) []receivedMessage {
	b.Helper()
	got := b.receive(url, 10)
	var have []string
	for _, m := range got {
		have = append(have, m.Body)
	}
	if strings.Join(have, " ") != strings.Join(bodies, " ") {
		b.Fatalf("received %q, want %q", have, bodies)
	}
	return got
}

func (b *box) hide(url string, m receivedMessage, seconds int) {
	b.Helper()
	b.call("ChangeMessageVisibility", receiptInput{url, receiptEntry{ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: &seconds}}, nil)
}

func (b *box) delete(url string, m receivedMessage) {
	b.Helper()
	b.call("DeleteMessage", receiptInput{url, receiptEntry{ReceiptHandle: m.ReceiptHandle}}, nil)
}

// Seen on AWS: a message that became visible is delivered though one behind it is still in flight; that one holds up the rest.
func TestGroupIsDeliveredUpToFirstHidden(t *testing.T) {
	t.Parallel()
	b := newBox(t, Options{})
	url := b.queue("q.fifo", fifo)
	for _, body := range []string{"a", "b", "c"} {
		b.send(url, "g", body)
	}
	got := b.want(url, "a", "b", "c")
	b.hide(url, got[1], 100)
	b.clock.Advance(31 * time.Second)
	b.want(url, "a")
}

// Seen on AWS: a group whose message returns comes after the groups that waited meanwhile.
func TestReturningGroupQueuesUpAgain(t *testing.T) {
	t.Parallel()
	b := newBox(t, Options{})
	url := b.queue("q.fifo", fifo)
	b.send(url, "g", "a")
	b.send(url, "h", "b")
	b.hide(url, b.receive(url, 1)[0], 0)
	b.want(url, "b", "a")
}

// poll starts a receive that waits and returns when it sleeps.
func (b *box) poll(ctx context.Context, url string) <-chan []receivedMessage {
	done := make(chan []receivedMessage, 1)
	wait := 20
	go func() {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second) // of real time: for a poll that should have woken
		defer cancel()
		var out receiveOutput
		if err := b.try(ctx, "ReceiveMessage", receiveInput{QueueUrl: url, WaitTimeSeconds: &wait}, &out); err != nil {
			b.Error(err)
		}
		done <- out.Messages
	}()
	b.clock.AwaitWaits(1)
	return done
}

func TestLongPollWakes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		attributes map[string]string
		before     func(b *box, url string) (event func())
	}{
		"by a send": {nil, func(b *box, url string) func() {
			return func() { b.send(url, "", "x") }
		}},
		"by a message made visible": {nil, func(b *box, url string) func() {
			b.send(url, "", "x")
			m := b.receive(url, 1)[0]
			return func() { b.hide(url, m, 0) }
		}},
		"by the end of a timeout": {map[string]string{"VisibilityTimeout": "7"}, func(b *box, url string) func() {
			b.send(url, "", "x")
			b.receive(url, 1)
			return func() { b.clock.Advance(7 * time.Second) }
		}},
		"by a delay that began after it": {map[string]string{"DelaySeconds": "7"}, func(b *box, url string) func() {
			return func() {
				b.send(url, "", "x")
				b.clock.Advance(7 * time.Second)
			}
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, Options{})
			url := b.queue("q", test.attributes)
			event := test.before(b, url)
			done := b.poll(t.Context(), url)
			event()
			if got := <-done; len(got) != 1 || got[0].Body != "x" {
				t.Fatalf("the poll brought %v", got)
			}
		})
	}
}

func TestGroupWakesLongPollWhenReleased(t *testing.T) {
	t.Parallel()
	b := newBox(t, Options{})
	url := b.queue("q.fifo", fifo)
	b.send(url, "g", "a")
	b.send(url, "g", "b")
	first := b.receive(url, 1)[0]
	done := b.poll(t.Context(), url)
	b.delete(url, first)
	if got := <-done; len(got) != 1 || got[0].Body != "b" {
		t.Fatalf("the poll brought %v", got)
	}
}

func TestLongPollGivesUp(t *testing.T) {
	t.Parallel()
	tests := map[string]func(b *box, cancel func()){
		"at its time":            func(b *box, _ func()) { b.clock.Advance(20 * time.Second) },
		"when its client goes":   func(_ *box, cancel func()) { cancel() },
		"when the server closes": func(b *box, _ func()) { b.Server.Close() },
	}
	for name, event := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, Options{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := b.poll(ctx, b.queue("q", nil))
			event(b, cancel)
			if got := <-done; len(got) > 0 {
				t.Fatalf("the poll brought %v", got)
			}
			b.clock.mu.Lock()
			defer b.clock.mu.Unlock()
			if len(b.clock.waits) > 0 {
				t.Fatal("the poll left its wait behind")
			}
		})
	}
}

// SQSDeveloperGuide/quotas-queues.html and quotas-fifo.html, messages in flight: only a short poll of a standard queue is told.
func TestInFlightLimit(t *testing.T) {
	t.Parallel()
	b := newBox(t, Options{})
	b.inFlightLimit = 1
	url, fifoURL := b.queue("q", nil), b.queue("q.fifo", fifo)
	for _, body := range []string{"a", "b"} {
		b.send(url, "", body)
		b.send(fifoURL, body, body)
	}
	b.receive(url, 1)
	var e *Error
	if err := b.try(t.Context(), "ReceiveMessage", receiveInput{QueueUrl: url}, nil); !errors.As(err, &e) || e.Code != "OverLimit" {
		t.Fatalf("got %v, want OverLimit", err)
	}
	b.receive(fifoURL, 1)
	b.want(fifoURL)
	done := b.poll(t.Context(), url)
	b.clock.Advance(20 * time.Second)
	if got := <-done; len(got) > 0 {
		t.Fatalf("the poll brought %v", got)
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	var before, after error
	b := newBox(t, Options{Fault: func(action string, done bool) error {
		switch {
		case action == "CreateQueue":
			return nil
		case done:
			return after
		default:
			return before
		}
	}})
	url := b.queue("q", nil)
	in := sendInput{url, sendEntry{MessageBody: "x"}}

	before = &Error{Status: http.StatusForbidden, Code: "RequestThrottled"}
	var e *Error
	if err := b.try(t.Context(), "SendMessage", in, nil); !errors.As(err, &e) || e.Code != "RequestThrottled" || e.Status != 403 {
		t.Fatalf("got %v, want RequestThrottled", err)
	}
	before, after = nil, errors.New("the answer is lost")
	if err := b.try(t.Context(), "SendMessage", in, nil); !errors.As(err, &e) || e.Status != http.StatusInternalServerError {
		t.Fatalf("got %v, want an internal failure", err)
	}
	before, after = ErrRedeliver, nil
	b.want(url, "x")
	before = nil
	b.want(url, "x") // again; the refused send is not there, the unanswered one is
	b.want(url)
}

func TestUnknownActionAndBody(t *testing.T) {
	t.Parallel()
	b := newBox(t, Options{})
	var e *Error
	if err := b.try(t.Context(), "MakeCoffee", struct{}{}, nil); !errors.As(err, &e) || e.Code != "InvalidAction" {
		t.Errorf("got %v, want InvalidAction", err)
	}
	if err := b.try(t.Context(), "SendMessage", "not an object", nil); !errors.As(err, &e) || e.Code != "SerializationException" {
		t.Errorf("got %v, want SerializationException", err)
	}
	if err := b.try(t.Context(), "SendMessage", struct{}{}, nil); !errors.As(err, &e) || e.Code != "MissingParameter" {
		t.Errorf("got %v, want MissingParameter", err)
	}
	if err := b.try(t.Context(), "SendMessage", queueInput{QueueUrl: "here"}, nil); !errors.As(err, &e) || e.Code != "InvalidAddress" {
		t.Errorf("got %v, want InvalidAddress", err)
	}
}

func TestStartAndClose(t *testing.T) {
	t.Parallel()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("the server is at %s, want a loopback address", s.URL())
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("a closed server answers")
	}
}
