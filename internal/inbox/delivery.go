package inbox

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// DeliveryQueue is the queue of deliveries to subscribers, a standard one.
const DeliveryQueue = "deliveries"

// DeliveryState is how far a delivery got.
type DeliveryState string

// The states of deliveries.
const (
	DeliveryWaiting   DeliveryState = "waiting" // for its time and its turn
	DeliveryUnderWay  DeliveryState = "under_way"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryFailed    DeliveryState = "failed" // given up
	DeliveryHeld      DeliveryState = "held"   // its subscription was disabled
)

// Delivery is one event for one subscription.
type Delivery struct {
	ID           uuid.UUID
	Seq          int64 // of the deliveries of a subscription, the order in which they were made
	Subscription uuid.UUID
	Event        Event // in lists, only ID and Type
	State        DeliveryState
	Attempt      int       // how often it was queued
	Failures     int       // attempts that the endpoint did not take, since it was last let go by an operator
	DueAt        time.Time // DeliveryWaiting: not earlier; DeliveryUnderWay: overdue then
	Status       int       // HTTP status of the latest attempt; 0: there was no answer
	Error        string    // why the latest attempt failed
	CreatedAt    time.Time
	DeliveredAt  time.Time
}

// DeliveryFilter says which deliveries of a subscription are wanted.
type DeliveryFilter struct {
	States []DeliveryState // none: all
	Before int64           // Seq, of the order; 0: from the latest on
}

// Redelivery says which deliveries of a subscription start anew. Those that are on their way are never among them.
type Redelivery struct {
	IDs    []uuid.UUID // these; none: those that the rest finds
	States []DeliveryState
	Since  time.Time // made since
}

// ErrDisabled means that nothing is delivered to a subscription.
var ErrDisabled = errors.New("the subscription is disabled")

// DeliveryAttempt is what came of one attempt.
type DeliveryAttempt struct {
	Attempt  int
	At       time.Time // when it began
	Took     time.Duration
	Status   int    // HTTP's; 0: there was no answer
	Error    string // empty: it succeeded
	Response string // how the answer's body begins
}

// Released is a delivery that may be made now.
type Released struct {
	Delivery
	To Subscription // only what a delivery takes
}

// Post is one attempt at a delivery with everything that it takes. Whoever makes it needs no secret.
type Post struct {
	Delivery     uuid.UUID `json:"delivery"`
	Subscription uuid.UUID `json:"subscription"`
	Attempt      int       `json:"attempt"`
	URL          string    `json:"url"`
	Event        uuid.UUID `json:"event"`     // the header webhook-id
	At           time.Time `json:"at"`        // the header webhook-timestamp
	Signature    string    `json:"signature"` // the header webhook-signature
	Body         string    `json:"body"`
}

// Sealed signs a delivery as of now.
func (r Released) Sealed(now time.Time) (Post, error) {
	body, err := r.Event.Body()
	if err != nil {
		return Post{}, err
	}
	p := Post{
		Delivery: r.ID, Subscription: r.Subscription, Attempt: r.Attempt, URL: r.To.URL, Event: r.Event.ID, At: now.UTC().Truncate(time.Second),
		Body: string(body),
	}
	p.Signature, err = Sign(p.Event.String(), p.At, body, r.To.Secrets(now)...)
	if err != nil {
		return p, fmt.Errorf("signing for subscription %s: %w", r.Subscription, err)
	}
	return p, nil
}

// Timestamp is the header webhook-timestamp.
func (p Post) Timestamp() string { return strconv.FormatInt(p.At.Unix(), 10) }

// postFreshFor is how long after it was signed an attempt can be made: receivers refuse what is older than five minutes, by their own clocks.
const postFreshFor = 4 * time.Minute

// IsStale reports whether an attempt waited for too long to be made as it is.
func (p Post) IsStale(now time.Time) bool { return now.Sub(p.At) > postFreshFor }

// Reply is what came of a [Post].
type Reply struct {
	Delivery     uuid.UUID     `json:"delivery"`
	Subscription uuid.UUID     `json:"subscription"`
	Attempt      int           `json:"attempt"`
	At           time.Time     `json:"at"` // when it began
	Took         time.Duration `json:"took_ns"`
	Stale        bool          `json:"stale,omitempty"`  // it was not made: see [Post.IsStale]
	Status       int           `json:"status,omitempty"` // HTTP's; 0: there was no answer
	Error        string        `json:"error,omitempty"`  // empty: it succeeded
	Response     string        `json:"response,omitempty"`
	RetryAfter   time.Duration `json:"retry_after_ns,omitzero"` // what the endpoint asks for
}

// Gone reports whether the endpoint says that it will never take anything again.
func (r Reply) Gone() bool { return r.Status == 410 }

// deliveryPauses are how long to wait after the first, second, ... failure of a delivery: a day in all.
var deliveryPauses = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
	5 * time.Hour, 6 * time.Hour, 6*time.Hour + 30*time.Minute,
}

const (
	// pauseJitter is by which share of itself a pause is made longer at most, so that what failed together does not come back together.
	pauseJitter = 0.2
	// longestRetryAfter is the longest pause that an endpoint can ask for.
	longestRetryAfter = 6 * time.Hour
	// disableAfter is for how long all attempts have to fail until a subscription is disabled.
	disableAfter = 24 * time.Hour
)

// DeliveryDecision is what becomes of a delivery and its subscription after an attempt.
type DeliveryDecision struct {
	State   DeliveryState
	DueAt   time.Time // of DeliveryWaiting
	Disable string    // why the subscription is disabled; empty: it is not
}

// Decide says what becomes of a delivery, which failed that often before. random is between 0 and 1.
func (s Subscription) Decide(failures int, r Reply, now time.Time, random float64) DeliveryDecision {
	switch {
	case r.Stale:
		return s.open(now)
	case r.Error == "":
		return DeliveryDecision{State: DeliveryDelivered}
	case s.State != SubscriptionActive:
		return DeliveryDecision{State: DeliveryHeld}
	case r.Gone():
		return DeliveryDecision{State: DeliveryHeld, Disable: "The endpoint answered 410 Gone: it wants nothing any more."}
	case !s.FailingSince.IsZero() && now.Sub(s.FailingSince) >= disableAfter:
		return DeliveryDecision{State: DeliveryHeld, Disable: "The endpoint has taken nothing for a day. The last error: " + r.Error}
	case failures >= len(deliveryPauses):
		return DeliveryDecision{State: DeliveryFailed}
	}
	pause := deliveryPauses[failures]
	pause += time.Duration(random * pauseJitter * float64(pause))
	return s.open(now.Add(max(pause, min(r.RetryAfter, longestRetryAfter))))
}

// open lets a delivery be made at a time, unless its subscription is disabled.
func (s Subscription) open(at time.Time) DeliveryDecision {
	if s.State != SubscriptionActive {
		return DeliveryDecision{State: DeliveryHeld}
	}
	return DeliveryDecision{State: DeliveryWaiting, DueAt: at}
}

// DeliveryConcluded is what follows from a [Reply].
type DeliveryConcluded struct {
	DeliveryDecision
	News     bool        // the reply told something that counts; otherwise nothing was decided
	Released []Released  // to be made now
	Told     []uuid.UUID // other subscriptions of which deliveries can go
}

// ReleaseJob wakes the processor for a subscription whose deliveries may have their turn. Those of one subscription take turns.
func ReleaseJob(subscription uuid.UUID) Job {
	return Job{ID: uuid.Must(uuid.NewV7()), Queue: LiveQueue, Account: subscription, Lane: DeliveryQueue, Attempt: 1}
}
