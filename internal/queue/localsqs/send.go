package localsqs

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

const maxAttributes = 10 // of a message

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

// checkOrdering refuses a message that a FIFO queue could not place.
func (q *queue) checkOrdering(e *sendEntry, noGroup error) error {
	switch {
	case !q.settings.fifo:
		return nil
	case e.MessageGroupId == nil:
		return noGroup
	case e.MessageDeduplicationId == nil && !q.settings.contentDedup:
		return errInvalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	return nil
}

func (q *queue) checkMessage(e *sendEntry) error {
	if e.MessageBody == "" {
		return errMissing("MessageBody")
	}
	if size := e.size(); size > q.settings.maxSize {
		return errInvalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.settings.maxSize)
	}
	if !validText(e.MessageBody) {
		return errContents()
	}
	if err := q.checkDelay(e); err != nil {
		return err
	}
	if err := checkToken("MessageGroupId", e.MessageGroupId); err != nil {
		return err
	}
	if err := checkToken("MessageDeduplicationId", e.MessageDeduplicationId); err != nil {
		return err
	}
	if e.MessageDeduplicationId != nil && !q.settings.fifo {
		return errInvalidValue("MessageDeduplicationId", *e.MessageDeduplicationId, notOfThisType)
	}
	return checkMessageAttributes(e)
}

const notOfThisType = "The request include parameter that is not valid for this queue type."

func (q *queue) checkDelay(e *sendEntry) error {
	if e.DelaySeconds == nil {
		return nil
	}
	switch delay := *e.DelaySeconds; {
	case delay < 0 || delay > maxDelay:
		return errInvalidValue("DelaySeconds", delay, "DelaySeconds must be >= 0 and <= 900.")
	case delay > 0 && q.settings.fifo:
		return errInvalidValue("DelaySeconds", delay, notOfThisType)
	}
	return nil
}

// token is what group and deduplication ids are made of: visible ASCII.
var token = regexp.MustCompile("^[!-~]{1,128}$")

func checkToken(parameter string, id *string) error {
	if id == nil || token.MatchString(*id) {
		return nil
	}
	return errInvalidValue(parameter, *id, parameter+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
}

var (
	attributeName     = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	reservedAttribute = regexp.MustCompile(`(?i)^(aws|amazon)\.`)
)

func checkMessageAttributes(e *sendEntry) error {
	if len(e.MessageAttributes) > maxAttributes {
		return errInvalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", len(e.MessageAttributes), maxAttributes)
	}
	for name, value := range e.MessageAttributes {
		if len(name) > 256 || !attributeName.MatchString(name) || reservedAttribute.MatchString(name) {
			return errInvalid("Message (user) attribute name '%s' is not allowed.", name)
		}
		if err := checkAttributeValue(name, value); err != nil {
			return err
		}
	}
	for name, value := range e.MessageSystemAttributes {
		if name != "AWSTraceHeader" || value.DataType != "String" {
			return errInvalid("Message system attribute '%s' is not AWSTraceHeader of type String.", name)
		}
	}
	return nil
}

func checkAttributeValue(name string, value attributeValue) error {
	kind := value.kind()
	switch {
	case len(value.DataType) > 256 || kind != "String" && kind != "Number" && kind != "Binary":
		return errInvalid("The type of message (user) attribute '%s' is invalid. You must use only the following supported type prefixes: "+
			"Binary, Number, String.", name)
	case len(value.bytes()) == 0:
		return errInvalid("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, kind)
	case kind == "Binary" && value.StringValue != nil, kind != "Binary" && value.StringValue == nil:
		return errInvalid("The value of message (user) attribute '%s' does not fit its type '%s'.", name, value.DataType)
	case kind == "Number" && !isNumber(*value.StringValue):
		return errInvalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
	case kind == "String" && !validText(*value.StringValue):
		return errContents()
	}
	return nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func errContents() error {
	const kind = "InvalidMessageContents"
	return refuse(kind, kind, "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "+
		"#x10000 to #x10FFFF")
}

// validText tells whether s holds only characters that XML 1.0 allows, as SQS asks.
func validText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	}) < 0
}

// size is what the limits count: the body and all parts of the attributes, but not the system's.
func (e *sendEntry) size() int {
	n := len(e.MessageBody)
	for name, value := range e.MessageAttributes {
		n += len(name) + len(value.DataType) + len(value.bytes())
	}
	return n
}

const maxBatch = 10 // entries

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// runBatch does each entry by itself, so that some may fail and the others not.
func runBatch[Entry, Result any](entries []Entry, id func(*Entry) string, do func(*Entry) (Result, error)) (any, error) {
	if err := checkBatch(entries, id); err != nil {
		return nil, err
	}
	out := batchOutput[Result]{Successful: []Result{}, Failed: []batchError{}}
	for i := range entries {
		result, err := do(&entries[i])
		if err != nil {
			e := asError(err)
			out.Failed = append(out.Failed, batchError{id(&entries[i]), e.Code, e.Message, e.senderFault()})
			continue
		}
		out.Successful = append(out.Successful, result)
	}
	return out, nil
}

func checkBatch[Entry any](entries []Entry, id func(*Entry) string) error {
	if len(entries) == 0 {
		return refuseSQS("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(entries) > maxBatch {
		return refuseSQS("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	}
	seen := map[string]bool{}
	for i := range entries {
		name := id(&entries[i])
		if !batchID.MatchString(name) {
			return refuseSQS("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "+
				"It can be at most 80 letters long.")
		}
		if seen[name] {
			return refuseSQS("BatchEntryIdsNotDistinct", "Id %s repeated.", name)
		}
		seen[name] = true
	}
	return nil
}
