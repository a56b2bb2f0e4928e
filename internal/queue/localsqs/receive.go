package localsqs

import (
	"container/list"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// senderID is what every message says of its sender, since nobody is asked who they are.
const senderID = "AIDALOCALSQS"

func (s *Server) receiveMessage(c call, in *receiveInput) (any, error) {
	r, err := in.check()
	if err != nil {
		return nil, err
	}
	if c.redeliver {
		r.hide = 0
	}
	for {
		var rest nap
		err := s.transact(func(now int64) (err error) {
			rest, err = s.tryReceive(r, in, now)
			return err
		})
		if err != nil || rest.arrival == nil {
			return r.answer, err
		}
		if !s.sleep(c, rest) {
			return receiveOutput{}, nil
		}
	}
}

// receive is one ReceiveMessage, over all its tries.
type receive struct {
	max      int
	wait     int64 // milliseconds. -1: the queue's
	hide     int64 // milliseconds. -1: the queue's
	deadline int64 // when the long poll ends; 0 before the first try
	answer   receiveOutput
}

// nap is how long a long poll sleeps: until something arrives, or until the time.
type nap struct {
	arrival <-chan struct{} // nil: it is over
	until   int64
}

func (in *receiveInput) check() (*receive, error) {
	r := &receive{max: 1, wait: -1, hide: -1}
	if n := in.MaxNumberOfMessages; n != nil {
		if r.max = *n; r.max < 1 || r.max > maxBatch {
			return nil, errInvalidValue("MaxNumberOfMessages", *n, "Must be between 1 and 10, if provided.")
		}
	}
	if n := in.WaitTimeSeconds; n != nil {
		if r.wait = int64(*n) * 1000; *n < 0 || *n > maxWait {
			return nil, errInvalidValue("WaitTimeSeconds", *n, "Must be >= 0 and <= 20, if provided.")
		}
	}
	if n := in.VisibilityTimeout; n != nil {
		if r.hide = int64(*n) * 1000; *n < 0 || *n > maxVisibility {
			return nil, errInvalidValue("VisibilityTimeout", *n, "Must be >= 0 and <= 43200, if provided.")
		}
	}
	return r, nil
}

// tryReceive fills the answer with what is visible now, or says how long to sleep before the next try.
func (s *Server) tryReceive(r *receive, in *receiveInput, now int64) (nap, error) {
	q, err := s.queue(in.QueueUrl, now)
	if err != nil {
		return nap{}, err
	}
	wait := r.wait
	if wait < 0 {
		wait = q.settings.receiveFor
	}
	if r.deadline == 0 {
		r.deadline = now + wait
	}
	full := q.inFlight >= s.inFlightLimit
	// Documented for standard queues and short polls only; others just get nothing.
	if full && wait == 0 && !q.settings.fifo {
		return nap{}, &Error{http.StatusForbidden, "OverLimit", "OverLimit", "Too many messages in flight."}
	}
	if !full {
		for _, m := range s.takeReady(q, r, now) {
			r.answer.Messages = append(r.answer.Messages, s.received(q, m, in))
		}
	}
	if len(r.answer.Messages) > 0 || now >= r.deadline {
		return nap{}, nil
	}
	return nap{q.arrival(), min(r.deadline, q.hidden.next())}, nil
}

// sleep reports whether to try again: not when the client has gone or the server closes.
func (s *Server) sleep(c call, n nap) bool {
	due, stop := s.clock.Until(time.UnixMilli(n.until))
	defer stop()
	select {
	case <-n.arrival:
		return true
	case <-due:
		return true
	case <-c.ctx.Done():
		return false
	case <-s.closing:
		return false
	}
}

// takeReady puts up to r.max messages in flight: as many of one group as can be, then of the next.
func (s *Server) takeReady(q *queue, r *receive, now int64) []*message {
	hide := r.hide
	if hide < 0 {
		hide = q.settings.visibility
	}
	var taken []*message
	for q.ready.Len() > 0 && len(taken) < r.max {
		var next *list.Element
		for e := q.ready.Front().Value.(*lane).messages.Front(); e != nil && len(taken) < r.max; e = next {
			next = e.Next()
			m := e.Value.(*message)
			if m.hidden {
				break
			}
			if s.bury(q, m, now) {
				continue
			}
			s.record(change{Op: opHide, Queue: q.name, Time: now, N: m.N, Receives: m.Receives + 1, Until: now + hide})
			taken = append(taken, m)
		}
	}
	return taken
}

// received is m as the client asked to see it.
func (s *Server) received(q *queue, m *message, in *receiveInput) receivedMessage {
	out := receivedMessage{MessageId: m.ID, ReceiptHandle: receiptOf(q, m), Body: m.Body, MD5OfBody: md5Of(m.Body)}
	wanted := append(in.MessageSystemAttributeNames, in.AttributeNames...)
	if len(wanted) > 0 {
		out.Attributes = systemAttributes(q, m)
		if !slices.Contains(wanted, "All") {
			maps.DeleteFunc(out.Attributes, func(name, _ string) bool { return !slices.Contains(wanted, name) })
		}
	}
	if len(in.MessageAttributeNames) > 0 {
		out.MessageAttributes = maps.Clone(m.Attributes)
		maps.DeleteFunc(out.MessageAttributes, func(name string, _ attributeValue) bool { return !selects(in.MessageAttributeNames, name) })
		out.MD5OfMessageAttributes = md5OfAttributes(out.MessageAttributes)
	}
	return out
}

// selects tells whether a list of names, prefixes followed by .*, and words for everything chooses name.
func selects(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		prefix, wild := strings.CutSuffix(p, ".*")
		return p == name || p == "All" || p == "*" || wild && strings.HasPrefix(name, prefix)
	})
}

func systemAttributes(q *queue, m *message) map[string]string {
	all := map[string]string{
		"SenderId":                         senderID,
		"SentTimestamp":                    strconv.FormatInt(m.Sent, 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.First, 10),
		"MessageGroupId":                   m.Group,
		"MessageDeduplicationId":           m.Dedup,
		"AWSTraceHeader":                   m.Trace,
		"DeadLetterQueueSourceArn":         m.Source,
	}
	if q.settings.fifo {
		all["SequenceNumber"] = sequenceNumber(m.N)
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}
