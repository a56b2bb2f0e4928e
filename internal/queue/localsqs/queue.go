package localsqs

import (
	"container/heap"
	"container/list"
	"math"
)

const (
	dedupInterval = 300_000 // milliseconds a deduplication id is remembered
	maxInFlight   = 120_000 // messages of a queue
)

// message is one message of one queue, in the form that the journal keeps. Times are Unix milliseconds.
type message struct {
	N          uint64                    `json:"n"` // rises with every message of the server: its order, sequence number and name in receipts
	ID         string                    `json:"id"`
	Body       string                    `json:"b"`
	Attributes map[string]attributeValue `json:"a,omitempty"`
	Trace      string                    `json:"x,omitempty"` // the AWSTraceHeader
	Group      string                    `json:"g,omitempty"`
	Dedup      string                    `json:"d,omitempty"`
	Sent       int64                     `json:"s"`
	Enqueued   int64                     `json:"e"`            // what its retention counts from
	Source     string                    `json:"o,omitempty"`  // ARN of the queue it died in
	Receives   int                       `json:"r,omitempty"`  // in every queue it was in; the newest receipt is the one of this number
	Arrived    int                       `json:"ra,omitempty"` // Receives when it came into this queue
	First      int64                     `json:"f,omitempty"`  // when it was received first
	Taken      int64                     `json:"t,omitempty"`  // when it was received last
	Until      int64                     `json:"u,omitempty"`  // hidden before this time, by a delay or a receive
	InFlight   bool                      `json:"i,omitempty"`  // hidden by a receive

	hidden  bool // Until is ahead; kept by tick
	lane    *lane
	place   *list.Element // in lane.messages
	hiddenI int           // in queue.hidden
	ageI    int           // in queue.ages
}

// size is roughly what the message takes in the journal.
func (m *message) size() int64 {
	n := len(m.Body) + 250
	for name, value := range m.Attributes {
		n += len(name) + len(value.bytes()) + 40
	}
	return int64(n)
}

// lane is a message group: what must be delivered in order. What may be received of it are its first messages, up to one that is hidden;
// so a group waits for its messages in flight, and starts again at its first when they become visible.
// A standard queue is the same thing with a lane for each message.
type lane struct {
	group    string
	messages list.List     // of *message, in the order they were sent
	ready    *list.Element // in queue.ready; nil: nothing to receive
}

func (l *lane) first() *message {
	if front := l.messages.Front(); front != nil {
		return front.Value.(*message)
	}
	return nil
}

// queue holds messages so that every operation on one costs a logarithm at most. It changes by Server.apply and by tick alone.
type queue struct {
	name       string
	attributes map[string]string
	settings   settings
	created    int64
	modified   int64
	purged     int64 // 0: never

	messages map[uint64]*message
	lanes    map[string]*lane // message groups of a FIFO queue
	ready    list.List        // of *lane, whose first message is visible; the one that became so first is in front
	hidden   schedule         // messages in flight and delayed, by Until
	ages     schedule         // all messages, by Enqueued
	inFlight int
	size     int64 // of all messages

	dedup   map[string]duplicate // by deduplication id, and group where the scope is the group
	sends   []duplicate          // what dedup holds, the oldest first
	arrived chan struct{}        // see arrival; nil: nobody waits
}

// duplicate is what a message that is sent again gets for an answer.
type duplicate struct {
	Key   string `json:"k"`
	ID    string `json:"id"`
	N     uint64 `json:"n"`
	Until int64  `json:"u"`
}

func newQueue(name string, created int64) *queue {
	return &queue{
		name: name, created: created, messages: map[uint64]*message{}, lanes: map[string]*lane{}, dedup: map[string]duplicate{},
		hidden: schedule{due: func(m *message) int64 { return m.Until }, index: func(m *message) *int { return &m.hiddenI }},
		ages:   schedule{due: func(m *message) int64 { return m.Enqueued }, index: func(m *message) *int { return &m.ageI }},
	}
}

// tick does what time alone does. It is never journaled: the same time does it again.
func (q *queue) tick(now int64) {
	for q.hidden.next() <= now {
		m := heap.Pop(&q.hidden).(*message)
		q.show(m)
		q.settle(m.lane)
	}
	for q.ages.next() <= now-q.settings.retention {
		q.remove(q.ages.items[0])
	}
	for len(q.sends) > 0 && q.sends[0].Until <= now {
		delete(q.dedup, q.sends[0].Key)
		q.sends = q.sends[1:]
	}
}

func (q *queue) put(m *message) {
	m.lane = q.laneOf(m)
	m.place = m.lane.messages.PushBack(m)
	q.messages[m.N] = m
	q.size += m.size()
	heap.Push(&q.ages, m)
	if m.Until > 0 {
		q.hide(m)
	}
	q.settle(m.lane)
}

func (q *queue) laneOf(m *message) *lane {
	if !q.settings.fifo {
		return &lane{}
	}
	l := q.lanes[m.Group]
	if l == nil {
		l = &lane{group: m.Group}
		q.lanes[m.Group] = l
	}
	return l
}

func (q *queue) remove(m *message) {
	q.unhide(m)
	q.size -= m.size()
	heap.Remove(&q.ages, m.ageI)
	delete(q.messages, m.N)
	m.lane.messages.Remove(m.place)
	q.settle(m.lane)
}

// hide takes a visible message out of sight until m.Until.
func (q *queue) hide(m *message) {
	m.hidden = true
	heap.Push(&q.hidden, m)
	if m.hiddenI == 0 {
		q.wake() // who sleeps until the time of another would sleep too long
	}
	if m.InFlight {
		q.inFlight++
	}
}

func (q *queue) unhide(m *message) {
	if m.hidden {
		heap.Remove(&q.hidden, m.hiddenI)
		q.show(m)
	}
}

// show is for a message that has left the schedule of hidden ones.
func (q *queue) show(m *message) {
	m.hidden = false
	if m.InFlight {
		m.InFlight = false
		q.inFlight--
	}
}

// settle puts a lane where its first message wants it.
func (q *queue) settle(l *lane) {
	first := l.first()
	switch visible := first != nil && !first.hidden; {
	case visible && l.ready == nil:
		l.ready = q.ready.PushBack(l)
		q.wake()
	case !visible && l.ready != nil:
		q.ready.Remove(l.ready)
		l.ready = nil
	}
	if first == nil && q.settings.fifo {
		delete(q.lanes, l.group)
	}
}

// arrival is closed when there may be something to receive, or when that will be earlier than hidden said.
func (q *queue) arrival() <-chan struct{} {
	if q.arrived == nil {
		q.arrived = make(chan struct{})
	}
	return q.arrived
}

func (q *queue) wake() {
	if q.arrived != nil {
		close(q.arrived)
		q.arrived = nil
	}
}

// remember keeps what a message was sent as. A key comes again only after tick has forgotten it.
func (q *queue) remember(d duplicate) {
	q.dedup[d.Key] = d
	q.sends = append(q.sends, d)
}

// schedule is a heap of messages by a time of theirs. Each knows its index, so any can be moved or removed.
type schedule struct {
	items []*message
	due   func(*message) int64
	index func(*message) *int
}

// next is the earliest time in the schedule.
func (s *schedule) next() int64 {
	if len(s.items) == 0 {
		return math.MaxInt64
	}
	return s.due(s.items[0])
}

func (s *schedule) Len() int { return len(s.items) }

func (s *schedule) Less(i, j int) bool {
	a, b := s.due(s.items[i]), s.due(s.items[j])
	return a < b || a == b && s.items[i].N < s.items[j].N
}

func (s *schedule) Swap(i, j int) {
	s.items[i], s.items[j] = s.items[j], s.items[i]
	*s.index(s.items[i]), *s.index(s.items[j]) = i, j
}

func (s *schedule) Push(x any) {
	m := x.(*message)
	*s.index(m) = len(s.items)
	s.items = append(s.items, m)
}

func (s *schedule) Pop() any {
	last := len(s.items) - 1
	m := s.items[last]
	s.items[last] = nil
	s.items = s.items[:last]
	return m
}
