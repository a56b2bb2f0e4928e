// Package inbox is the domain: what a company keeps of its conversations and the rules by which it changes. It does no I/O.
package inbox

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// ErrUnstorable marks data that the store refuses for what it is: trying again is of no use.
var ErrUnstorable = errors.New("the database refuses this data")

// accountSpace is the UUIDv5 name space of channel accounts. It must never change: ids in every database depend on it.
var accountSpace = uuid.MustParse("6f1d3c5e-8c1b-4f2e-9a57-0d9b7f6f3a10")

// AccountID is the key of a channel account: a UUIDv5 of its channel and the platform's id, so that it is known without a look-up.
func AccountID(channel, externalID string) uuid.UUID {
	return uuid.NewSHA1(accountSpace, []byte(channel+"\x00"+externalID))
}

// maxKey is the longest key, in bytes, that is stored as it came. PostgreSQL's B-tree entries end at about 2,700 bytes.
const maxKey = 512

// Key makes a platform's id or thread name fit for an index: one longer than 512 bytes is replaced by its hash. Every such id passes
// through here, so the same id gives the same key wherever it is mentioned.
func Key(id string) string {
	if len(id) <= maxKey {
		return id
	}
	return channels.HashID(id)
}

// Webhook is one verified request of a platform, ready to be stored.
type Webhook struct {
	ID                uuid.UUID // UUIDv7
	Channel           string
	CredentialAccount string
	RequestID         string            // API Gateway's
	Headers           map[string]string // without those that carry secrets
	Body              []byte
	ParseError        string           // why Parse could not read the body; empty: it could
	Events            []channels.Event // Account is filled in for every event
	// Partial marks a webhook of which this is a part without the body: another part brings that, and is logged.
	Partial bool
}

// Stored is what ingest of one webhook did.
type Stored struct {
	New  int   // events stored for the first time; the others of the webhook were duplicates
	Jobs []Job // one for each lane with something to process; they must reach the queue before the platform gets its 200
}

// Row is one stored, unprocessed event.
type Row struct {
	ID                uuid.UUID
	Seq               int64
	Channel           string
	ChannelAccount    uuid.UUID
	CredentialAccount string
	ReceivedAt        time.Time
	Event             channels.Event
}

// HappenedAt is when the event was by the platform's clock, or when we received it where the platform does not say.
func (r Row) HappenedAt() time.Time {
	if r.Event.At.IsZero() {
		return r.ReceivedAt
	}
	return r.Event.At
}

// Change is a row together with what it means: the input of one processing transaction.
type Change struct {
	Row    Row
	Update channels.Update
	Window time.Duration // the reply window that it opens; 0: none
	Files  bool          // the channel can fetch files, so those that come with the change are wanted
	// Fulfils is the job that is done when this change is; nil when more rows follow.
	Fulfils *uuid.UUID
}
