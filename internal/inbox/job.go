package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"

	"github.com/google/uuid"

	"omni/channels"
)

// The queues of the inside zone.
const (
	LiveQueue = "live" // what people say
	BulkQueue = "bulk" // receipts and history: they outnumber messages and must not delay them
)

// bulkBuckets is how many lanes a channel account's receipts and history are spread over.
const bulkBuckets = 16

// Job wakes the processor: the lane has unprocessed rows up to UpTo.
type Job struct {
	ID      uuid.UUID `json:"id"`
	Queue   string    `json:"queue"`   // LiveQueue or BulkQueue
	Account uuid.UUID `json:"account"` // channel account
	Lane    string    `json:"lane"`
	UpTo    int64     `json:"up_to"`   // sequence number
	Attempt int       `json:"attempt"` // from 1
}

// Group names the job's lane to its queue: jobs of one group run one after the other. 32 hexadecimal digits, because a FIFO message
// group id may only hold some characters (SQS SendMessage, MessageGroupId).
func (j Job) Group() string {
	sum := sha256.Sum256([]byte(j.Account.String() + "\x00" + j.Lane))
	return hex.EncodeToString(sum[:16])
}

// Lane names the rows of a channel account that are processed one after the other: those of one thread, or, for receipts and history, of
// one of a few buckets of threads.
func Lane(e channels.Event) (queue, lane string) {
	if e.Kind == channels.KindStatus || e.Kind == channels.KindRead || e.History {
		bucket := fnv.New32a()
		bucket.Write([]byte(e.Thread))
		return BulkQueue, fmt.Sprintf("bulk/%d", bucket.Sum32()%bulkBuckets)
	}
	return LiveQueue, LiveLane(e.Thread)
}

// LiveLane is the lane of what people say in a thread, on either side; an empty one stands for what belongs to no chat.
func LiveLane(thread string) string { return "live/" + Key(thread) }

// DeadJob is a job that was given up.
type DeadJob struct {
	ID       uuid.UUID
	Queue    string // the queue it died in
	Body     string // of its message, byte for byte
	Reason   string
	Receives int // how often it was tried
}

// Part is a webhook's share for one lane, which travels through the queue itself when the database cannot take the webhook.
type Part struct {
	Job     Job // ID is the part's own; UpTo has no meaning
	Webhook Webhook
}

// Split divides a webhook by lanes, in the order of its events. The first part has the body; one without events goes to the lane of what
// belongs to no chat.
func Split(w Webhook, newID func() uuid.UUID) []Part {
	var parts []Part
	number := map[Job]int{}
	events := w.Events
	w.Events = nil
	add := func(key Job) int {
		n, known := number[key]
		if !known {
			n = len(parts)
			number[key] = n
			job := key
			job.ID, job.Attempt = newID(), 1
			parts = append(parts, Part{Job: job, Webhook: w})
			w.Body, w.Partial = nil, true
		}
		return n
	}
	for _, e := range events {
		queue, lane := Lane(e)
		n := add(Job{Queue: queue, Account: AccountID(w.Channel, Key(e.Account)), Lane: lane})
		parts[n].Webhook.Events = append(parts[n].Webhook.Events, e)
	}
	if len(parts) == 0 {
		add(Job{Queue: LiveQueue, Account: AccountID(w.Channel, w.CredentialAccount), Lane: LiveLane("")})
	}
	return parts
}
