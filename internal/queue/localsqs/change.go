package localsqs

import (
	"fmt"
	"maps"
	"slices"
)

// The kinds of change. Together they make every state of the server, so a journal of them is the server.
const (
	opStart  = "start1" // the head of a journal of format 1: N is the last number given
	opQueue  = "queue"  // a queue is made, or gets other attributes, at Time
	opDrop   = "drop"   // a queue is deleted at Time
	opPurge  = "purge"  // a queue is emptied at Time
	opPut    = "put"    // Message comes into a queue
	opHide   = "hide"   // message N, received Receives times by now, is in flight until Until
	opDelete = "delete" // message N leaves a queue
	opDedup  = "dedup"  // from now on Duplicate is remembered, whether its message still exists or not
)

// change is one step of the server's state, and one record of its journal. Times are Unix milliseconds. Each has its Time, so that
// replaying does what time did in between.
type change struct {
	Op         string            `json:"op"`
	Queue      string            `json:"q,omitempty"`
	Time       int64             `json:"t"`
	N          uint64            `json:"n,omitempty"`
	Until      int64             `json:"u,omitempty"`
	Receives   int               `json:"r,omitempty"`
	Created    int64             `json:"c,omitempty"` // of a queue that is older than this change
	Attributes map[string]string `json:"a,omitempty"`
	Message    *message          `json:"m,omitempty"`
	Duplicate  *duplicate        `json:"d,omitempty"`
}

// record applies a change that this server decided on and notes it for the journal.
func (s *Server) record(c change) {
	if s.journal != nil {
		s.journal.add(c) // first, because applying alters the message
	}
	if err := s.apply(c); err != nil {
		panic(err) // decided on something that is not there
	}
}

// apply is the only way the state changes, but for what time does. An error means that the change does not fit the state.
func (s *Server) apply(c change) error {
	switch c.Op {
	case opStart:
		s.lastN = c.N
		return nil
	case opQueue:
		s.applyAttributes(c)
		return nil
	case opDrop:
		s.applyDrop(c)
		return nil
	}
	q := s.queues[c.Queue]
	if q == nil {
		return fmt.Errorf("%s in queue %q, which does not exist", c.Op, c.Queue)
	}
	q.tick(c.Time)
	return s.applyIn(q, c)
}

func (s *Server) applyIn(q *queue, c change) error {
	switch c.Op {
	case opPurge:
		for _, m := range q.messages {
			q.remove(m)
		}
		q.purged = c.Time
	case opPut:
		q.put(c.Message)
		s.lastN = max(s.lastN, c.Message.N)
	case opDedup:
		q.remember(*c.Duplicate)
	case opHide, opDelete:
		m := q.messages[c.N]
		if m == nil {
			return fmt.Errorf("%s of message %d, which is not in queue %q", c.Op, c.N, c.Queue)
		}
		if c.Op == opDelete {
			q.remove(m)
		} else {
			q.take(m, c)
		}
	default:
		return fmt.Errorf("change %q is not known", c.Op)
	}
	return nil
}

// take puts a message in flight, or changes how long it is.
func (q *queue) take(m *message, c change) {
	q.unhide(m)
	if m.First == 0 {
		m.First = c.Time
	}
	if m.Receives != c.Receives {
		m.Taken = c.Time
	}
	m.Receives, m.Until, m.InFlight = c.Receives, c.Until, true
	q.hide(m)
	q.settle(m.lane)
}

func (s *Server) applyAttributes(c change) {
	q := s.queues[c.Queue]
	if q == nil {
		q = newQueue(c.Queue, c.Time)
		if c.Created != 0 {
			q.created = c.Created
		}
		s.queues[c.Queue] = q
		delete(s.dropped, c.Queue)
	}
	q.tick(c.Time)
	q.modified = c.Time
	before := q.settings.delay
	q.attributes, q.settings = c.Attributes, parseSettings(c.Attributes)
	if q.settings.fifo && before != q.settings.delay {
		q.delayAgain()
	}
}

// delayAgain gives messages that are still delayed the queue's new delay, as FIFO queues do and standard queues do not.
// Source: SQSDeveloperGuide/sqs-delay-queues.html.
func (q *queue) delayAgain() {
	for _, m := range slices.Clone(q.hidden.items) {
		if !m.InFlight {
			q.unhide(m)
			m.Until = m.Enqueued + q.settings.delay
			q.hide(m)
		}
	}
}

func (s *Server) applyDrop(c change) {
	if q := s.queues[c.Queue]; q != nil {
		q.wake()
	}
	delete(s.queues, c.Queue)
	delete(s.tasks, c.Queue)
	s.dropped[c.Queue] = c.Time
}

// snapshot yields the changes that make the present state from nothing, and nothing of what is over.
func (s *Server) snapshot(now int64, yield func(change)) {
	yield(change{Op: opStart, Time: now, N: s.lastN})
	for _, name := range slices.Sorted(maps.Keys(s.dropped)) {
		if at := s.dropped[name]; now < at+deletePause {
			yield(change{Op: opDrop, Queue: name, Time: at})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		q := s.queues[name]
		q.tick(now)
		yield(change{Op: opQueue, Queue: q.name, Time: q.modified, Created: q.created, Attributes: q.attributes})
		for _, n := range slices.Sorted(maps.Keys(q.messages)) {
			yield(change{Op: opPut, Time: now, Queue: q.name, Message: q.messages[n]})
		}
		for i := range q.sends {
			yield(change{Op: opDedup, Time: now, Queue: q.name, Duplicate: &q.sends[i]})
		}
	}
}

// liveSize is roughly what a snapshot would take.
func (s *Server) liveSize() (size int64) {
	for _, q := range s.queues {
		size += q.size + int64(len(q.dedup))*150
	}
	return size
}
