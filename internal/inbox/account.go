package inbox

import (
	"time"

	"github.com/google/uuid"
)

// ChannelAccount is the business's side on a platform, and how it does.
type ChannelAccount struct {
	ID             uuid.UUID
	ExternalID     string        // the platform's
	Health         AccountHealth // of the credential account that serves it
	LastInboundAt  time.Time     // zero: never
	LastOutboundAt time.Time
	Failures       []SendFailure // of the last day, the most frequent first
}

// SendFailure is why messages were not delivered.
type SendFailure struct {
	Code   string // the platform's, or a word of ours
	Reason string // the same for people
	Number int
}
