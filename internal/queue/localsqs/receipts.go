package localsqs

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// receiptOf names one receive of one message. It stays the same over a restart.
func receiptOf(q *queue, m *message) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d %s", m.N, m.Receives, q.name))
}

// findReceipt returns the message of a receipt, nil when it is deleted, and whether the receipt is of its newest receive.
func (q *queue) findReceipt(handle string) (m *message, newest bool, err error) {
	if handle == "" {
		return nil, false, errMissing("ReceiptHandle")
	}
	plain, err := base64.RawURLEncoding.DecodeString(handle)
	parts := strings.Split(string(plain), " ")
	if err != nil || len(parts) != 3 || parts[2] != q.name {
		return nil, false, errReceiptHandle(handle)
	}
	n, errN := strconv.ParseUint(parts[0], 10, 64)
	receive, errReceive := strconv.Atoi(parts[1])
	if errN != nil || errReceive != nil {
		return nil, false, errReceiptHandle(handle)
	}
	m = q.messages[n]
	return m, m != nil && m.Receives == receive, nil
}

func (s *Server) deleteMessage(t transaction, in *receiptInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	return nil, s.delete(q, in.ReceiptHandle, t.now, errInvalidValue("ReceiptHandle", in.ReceiptHandle, errExpired.Message))
}

func (s *Server) deleteMessageBatch(t transaction, in *batchInput[receiptEntry]) (any, error) {
	return s.receiptBatch(t, in, func(q *queue, e *receiptEntry) error { return s.delete(q, e.ReceiptHandle, t.now, errExpired) })
}

// errExpired is how a batch says it. Seen on AWS: a single DeleteMessage says InvalidParameterValue.
var errExpired = &Error{http.StatusNotFound, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The receipt handle has expired."}

// delete succeeds when there is nothing left to delete. A standard queue ignores a receipt that is not the newest; a FIFO queue answers it
// with expired, as it does every receipt whose timeout has ended.
func (s *Server) delete(q *queue, handle string, now int64, expired *Error) error {
	m, newest, err := q.findReceipt(handle)
	if err != nil || m == nil {
		return err
	}
	if q.settings.fifo && !(newest && m.InFlight) {
		return expired
	}
	if newest {
		s.record(change{Op: opDelete, Queue: q.name, Time: now, N: m.N})
	}
	return nil
}

func (s *Server) changeMessageVisibility(t transaction, in *receiptInput) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	return nil, s.changeVisibility(q, &in.receiptEntry, t.now)
}

func (s *Server) changeMessageVisibilityBatch(t transaction, in *batchInput[receiptEntry]) (any, error) {
	return s.receiptBatch(t, in, func(q *queue, e *receiptEntry) error { return s.changeVisibility(q, e, t.now) })
}

// changeVisibility hides a message from now on for another time, at most twelve hours from its receive.
func (s *Server) changeVisibility(q *queue, e *receiptEntry, now int64) error {
	m, newest, err := q.findReceipt(e.ReceiptHandle)
	if err != nil {
		return err
	}
	if e.VisibilityTimeout == nil {
		return errMissing("VisibilityTimeout")
	}
	until := now + int64(*e.VisibilityTimeout)*1000
	switch seconds := *e.VisibilityTimeout; {
	case seconds < 0 || seconds > maxVisibility:
		return errInvalidValue("VisibilityTimeout", seconds, "VisibilityTimeout must be an integer between 0 and 43200.")
	case m == nil, q.settings.fifo && !(newest && m.InFlight), m.InFlight && !newest:
		return errInvalidValue("ReceiptHandle", e.ReceiptHandle, "Message does not exist or is not available for visibility timeout change.")
	case !m.InFlight:
		return refuseSQS("MessageNotInflight", "The message referred to isn't in flight.")
	case until > m.Taken+maxVisibility*1000:
		return errInvalidValue("VisibilityTimeout", seconds, "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
	}
	s.record(change{Op: opHide, Queue: q.name, Time: now, N: m.N, Receives: m.Receives, Until: until})
	return nil
}

func (s *Server) receiptBatch(t transaction, in *batchInput[receiptEntry], do func(*queue, *receiptEntry) error) (any, error) {
	q, err := s.queue(in.QueueUrl, t.now)
	if err != nil {
		return nil, err
	}
	return runBatch(in.Entries, func(e *receiptEntry) string { return e.Id }, func(e *receiptEntry) (batchResult, error) {
		return batchResult{e.Id}, do(q, e)
	})
}
