// Package pipeline is the way of a message through the inside zone: ingest stores and queues what platforms send, process turns what is
// stored into conversations. It knows neither AWS nor SQL: what it needs of them are the small interfaces below.
package pipeline

import (
	"time"
)

// Meter counts what happens, by channel. One call is one measurement of several counters.
type Meter interface {
	Count(channel string, counts map[string]int)
	// CountAged measures besides how old something was when it was done.
	CountAged(channel string, counts map[string]int, name string, age time.Duration)
}

// AllChannels stands for the channel in measurements that belong to none.
const AllChannels = "all"

// Names of the ages.
const (
	AgeProcessed = "processed_age" // from the webhook to the end of processing
	AgeOverdue   = "overdue_age"   // of the oldest job that was queued again
)

// Names of the counters.
const (
	CountReceived     = "received"      // webhooks that came in
	CountRefused      = "refused"       // webhooks with a wrong signature, an unknown account or too large a body
	CountParseError   = "parse_error"   // webhooks that were rightly signed and could not be read
	CountStored       = "stored"        // events stored for the first time
	CountDuplicate    = "duplicate"     // events that were stored already
	CountUnknown      = "unknown"       // events of a kind that we do not know
	CountSpilled      = "spilled"       // webhooks that went into the queue because the database did not take them
	CountFailed       = "failed"        // webhooks that could not be stored or queued, and were not accepted
	CountProcessed    = "processed"     // rows that became messages, statuses, ...
	CountErased       = "erased"        // what an erasure had removed and that came once more: it is dropped
	CountDead         = "dead"          // rows that can never be processed as they are
	CountOverdue      = "overdue"       // jobs that nobody fulfilled in time and that were queued again
	CountDeadJob      = "dead_job"      // jobs that were given up
	CountComposed     = "composed"      // messages that we were asked to send
	CountSent         = "sent"          // messages that a platform took
	CountSendRetried  = "send_retried"  // attempts that delivered nothing, with another one to come
	CountSendListened = "send_listened" // attempts of which the platform has to tell whether they delivered
	CountSendFailed   = "send_failed"   // messages that were given up
	CountSendUnknown  = "send_unknown"  // messages of which nobody will tell whether they were delivered
	CountOverdueSend  = "overdue_send"  // messages on their way that nobody was known to look after

	CountMediaStored  = "media_stored"  // files of customers that were stored
	CountMediaRetried = "media_retried" // attempts to fetch a file that failed, with another one to come
	CountMediaMissing = "media_missing" // files that the platform no longer has, or that are none which we may fetch
	CountMediaFailed  = "media_failed"  // files that were given up
	CountOverdueMedia = "overdue_media" // files of which nothing was heard in time

	CountDelivered        = "delivered"         // events that a subscriber took
	CountDeliveryRetried  = "delivery_retried"  // attempts at that which failed, with another one to come
	CountDeliveryFailed   = "delivery_failed"   // deliveries that were given up
	CountDeliveryHeld     = "delivery_held"     // deliveries that wait for their subscription to be enabled
	CountDeliveryDisabled = "delivery_disabled" // subscriptions that were disabled, because their endpoint failed for too long
	CountOverdueDelivery  = "overdue_delivery"  // deliveries that nobody was known to look after

	CountUnhealthy = "channel_unhealthy" // accounts that were found not to work when their platform was asked

	CountNewUnknown = "new_unknown" // shapes of unknown events that were seen for the first time
)
