package simulate

import "time"

// Follower is a [Platform] that reports what becomes of the messages that its [API] takes.
type Follower interface {
	// Follow makes the events that the platform reports of a delivery to a customer who gets and reads it at the time, in the order in which
	// they happen. They are packed and signed like all others; they name the delivery's ID, and give its Handle back if it has one. The
	// same delivery and time give the same events, so that a report can be repeated. Of a customer who is not there, or does not look, the
	// last of them are missing. None: the platform says nothing about this delivery.
	Follow(d Delivery, at time.Time) []Event
}
