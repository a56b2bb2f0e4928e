package localsqs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is what a FIFO queue may deliver, by the plainest means: every message with the time until which it is hidden.
type model struct {
	groups map[string][]*modelMessage
	dedup  map[string]time.Time // until when a body is a duplicate
}

type modelMessage struct {
	body  string
	until time.Time
}

// visible is what a group can deliver at a time: its messages up to the first that is hidden.
func (m *model) visible(group string, now time.Time) []*modelMessage {
	all := m.groups[group]
	for i, message := range all {
		if message.until.After(now) {
			return all[:i]
		}
	}
	return all
}

// receipt is what the test remembers of a receive.
type receipt struct {
	receivedMessage
	message *modelMessage
	group   string
	ended   time.Time // when its timeout ends
	stale   bool      // received again, deleted, or purged
}

// machine plays random calls, clock moves, restarts and rewrites, and holds the server to the model.
type machine struct {
	*box
	t        *rapid.T
	url      string
	model    model
	receipts []*receipt
	sent     int
}

func TestAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b, _ := journaled(t, Options{})
		defer b.Server.Close()
		m := &machine{box: b, t: rt, model: model{map[string][]*modelMessage{}, map[string]time.Time{}}}
		m.url = b.queue("q.fifo", fifo)
		rt.Repeat(map[string]func(*rapid.T){
			"send": m.send, "sendAgain": m.sendAgain, "receive": m.receive, "delete": m.delete, "hide": m.hide,
			"wait": m.wait, "restart": m.restart, "rewrite": m.rewrite, "": m.consistent,
		})
	})
}

func (m *machine) send(t *rapid.T) {
	m.sent++
	m.sendBody(rapid.SampledFrom([]string{"g", "h", "i"}).Draw(t, "group"), strconv.Itoa(m.sent))
}

func (m *machine) sendAgain(t *rapid.T) {
	if m.sent == 0 {
		t.Skip("nothing was sent")
	}
	m.sendBody("g", strconv.Itoa(rapid.IntRange(1, m.sent).Draw(t, "body")))
}

func (m *machine) sendBody(group, body string) {
	m.box.send(m.url, group, body)
	now := m.clock.Now()
	if m.model.dedup[body].After(now) {
		return
	}
	m.model.dedup[body] = now.Add(5 * time.Minute)
	m.model.groups[group] = append(m.model.groups[group], &modelMessage{body: body})
}

func (m *machine) receive(t *rapid.T) {
	limit := rapid.IntRange(1, 10).Draw(t, "max")
	now := m.clock.Now()
	available := 0
	for group := range m.model.groups {
		available += len(m.model.visible(group, now))
	}
	var out receiveOutput
	m.call("ReceiveMessage", receiveInput{QueueUrl: m.url, MaxNumberOfMessages: &limit, AttributeNames: []string{"MessageGroupId"}}, &out)
	if len(out.Messages) != min(limit, available) {
		t.Fatalf("received %d messages, want %d of %d", len(out.Messages), limit, available)
	}
	for _, got := range out.Messages {
		m.check(t, got, now)
	}
}

// check fails unless got is the first message its group can deliver, and hides that.
func (m *machine) check(t *rapid.T, got receivedMessage, now time.Time) {
	group := got.Attributes["MessageGroupId"]
	i := slices.IndexFunc(m.model.groups[group], func(message *modelMessage) bool { return !message.until.After(now) })
	if i < 0 || m.model.groups[group][i].body != got.Body {
		t.Fatalf("received %s of group %s out of order", got.Body, group)
	}
	message := m.model.groups[group][i]
	message.until = now.Add(30 * time.Second)
	for _, r := range m.receipts {
		r.stale = r.stale || r.message == message
	}
	m.receipts = append(m.receipts, &receipt{got, message, group, message.until, false})
}

func (m *machine) anyReceipt(t *rapid.T) *receipt {
	if len(m.receipts) == 0 {
		t.Skip("nothing was received")
	}
	return rapid.SampledFrom(m.receipts).Draw(t, "receipt")
}

func (m *machine) delete(t *rapid.T) {
	r := m.anyReceipt(t)
	err := m.try(m.Context(), "DeleteMessage", receiptInput{m.url, receiptEntry{ReceiptHandle: r.ReceiptHandle}}, nil)
	gone := !slices.Contains(m.model.groups[r.group], r.message)
	valid := gone || !r.stale && r.ended.After(m.clock.Now())
	if (err == nil) != valid {
		t.Fatalf("deleting %s: %v, want success to be %v", r.Body, err, valid)
	}
	if valid && !gone {
		m.model.groups[r.group] = slices.DeleteFunc(m.model.groups[r.group], func(other *modelMessage) bool { return other == r.message })
	}
}

func (m *machine) hide(t *rapid.T) {
	r := m.anyReceipt(t)
	seconds := rapid.SampledFrom([]int{0, 1, 60}).Draw(t, "seconds")
	now := m.clock.Now()
	in := receiptInput{m.url, receiptEntry{ReceiptHandle: r.ReceiptHandle, VisibilityTimeout: &seconds}}
	err := m.try(m.Context(), "ChangeMessageVisibility", in, nil)
	valid := !r.stale && r.ended.After(now) && slices.Contains(m.model.groups[r.group], r.message)
	if (err == nil) != valid {
		t.Fatalf("hiding %s: %v, want success to be %v", r.Body, err, valid)
	}
	if valid {
		r.ended = now.Add(time.Duration(seconds) * time.Second)
		r.message.until = r.ended
	}
}

func (m *machine) wait(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.SampledFrom([]int{0, 1, 10, 30, 300}).Draw(t, "seconds")) * time.Second)
}

func (m *machine) restart(t *rapid.T) {
	before := m.state()
	m.reopen()
	if got := m.state(); got != before {
		t.Fatalf("after a restart the state is\n%s\nwant\n%s", got, before)
	}
}

func (m *machine) rewrite(t *rapid.T) {
	if err := m.compact(); err != nil {
		t.Fatal(err)
	}
}

// consistent compares what the queue keeps count of with what is there.
func (m *machine) consistent(t *rapid.T) {
	q := m.queues["q.fifo"]
	q.tick(m.clock.Now().UnixMilli())
	hidden, inFlight, ready, size := 0, 0, 0, int64(0)
	for _, message := range q.messages {
		size += message.size()
		if message.hidden {
			hidden++
		}
		if message.InFlight {
			inFlight++
		}
	}
	for _, l := range q.lanes {
		if !l.first().hidden {
			ready++
		}
	}
	got := fmt.Sprint(q.hidden.Len(), q.inFlight, q.ready.Len(), q.size, len(q.messages), len(q.ages.items))
	want := fmt.Sprint(hidden, inFlight, ready, size, len(slices.Concat(slices.Collect(maps.Values(m.model.groups))...)), len(q.messages))
	if got != want {
		t.Fatalf("the queue counts %s, want %s", got, want)
	}
}
