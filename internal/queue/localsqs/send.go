package localsqs

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/google/uuid"
)

func (s *Server) sendMessage(t transaction, in *sendInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	if err := q.checkOrdering(&in.sendEntry, errMissing("MessageGroupId")); err != nil {
		return nil, err
	}
	return s.send(q, &in.sendEntry, t.now)
}

func (s *Server) sendMessageBatch(t transaction, in *batchInput[sendEntry]) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	total := 0
	for i := range in.Entries {
		total += in.Entries[i].size()
		// Seen on AWS: an entry that cannot be ordered fails the whole batch, and with another code than a single send.
		if err := q.checkOrdering(&in.Entries[i], errInvalid("The request must contain the parameter MessageGroupId.")); err != nil {
			return nil, err
		}
	}
	if total > maxPayload {
		return nil, refuseSQS("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxPayload, total)
	}
	return runBatch(in.Entries, func(e *sendEntry) string { return e.Id }, func(e *sendEntry) (sendOutput, error) {
		return s.send(q, e, t.now)
	})
}

// send puts one message into q, or finds that it is there already.
func (s *Server) send(q *queue, e *sendEntry, now int64) (sendOutput, error) {
	if err := q.checkMessage(e); err != nil {
		return sendOutput{}, err
	}
	m := &message{
		N: s.lastN + 1, ID: uuid.NewString(), Body: e.MessageBody, Attributes: e.MessageAttributes, Group: text(e.MessageGroupId),
		Trace: text(e.MessageSystemAttributes["AWSTraceHeader"].StringValue), Sent: now, Enqueued: now, Until: q.delayed(e, now),
	}
	answer := sendOutput{
		Id: e.Id, MessageId: m.ID, MD5OfMessageBody: md5Of(e.MessageBody), MD5OfMessageAttributes: md5OfAttributes(e.MessageAttributes),
		MD5OfMessageSystemAttributes: md5OfAttributes(e.MessageSystemAttributes),
	}
	if q.settings.fifo {
		m.Dedup = q.dedupID(e)
		d := duplicate{q.dedupKey(m), m.ID, m.N, now + dedupInterval}
		if earlier, again := q.dedup[d.Key]; again {
			answer.MessageId, answer.SequenceNumber = earlier.ID, sequenceNumber(earlier.N)
			return answer, nil
		}
		answer.SequenceNumber = sequenceNumber(m.N)
		s.record(change{Op: opDedup, Queue: q.name, Time: now, Duplicate: &d})
	}
	s.record(change{Op: opPut, Queue: q.name, Time: now, Message: m})
	return answer, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// delayed is when a message becomes visible. 0: at once. On a FIFO queue a delay of zero is the queue's delay; on others it means none.
func (q *queue) delayed(e *sendEntry, now int64) int64 {
	delay := q.settings.delay
	if e.DelaySeconds != nil && !q.settings.fifo {
		delay = int64(*e.DelaySeconds) * 1000
	}
	if delay == 0 {
		return 0
	}
	return now + delay
}

func (q *queue) dedupID(e *sendEntry) string {
	if e.MessageDeduplicationId != nil {
		return *e.MessageDeduplicationId
	}
	sum := sha256.Sum256([]byte(e.MessageBody))
	return hex.EncodeToString(sum[:])
}

func (q *queue) dedupKey(m *message) string {
	if q.settings.dedupByGroup {
		return m.Group + "\n" + m.Dedup
	}
	return m.Dedup
}

// sequenceNumber has twenty digits, as in SQS, so that text sorts as the numbers do.
func sequenceNumber(n uint64) string { return strconv.FormatUint(18_000_000_000_000_000_000+n, 10) }
