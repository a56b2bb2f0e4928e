package inbox

import (
	"time"

	"omni/channels"
)

// Verdict is what becomes of a message after an attempt to send it.
type Verdict string

// The verdicts.
const (
	VerdictSent    Verdict = "sent"
	VerdictFailed  Verdict = "failed"
	VerdictRetry   Verdict = "retry"   // another attempt, at a time
	VerdictRequeue Verdict = "requeue" // the same attempt is queued again
	VerdictListen  Verdict = "listen"  // the platform will tell whether it has it, by a time
	VerdictUnknown Verdict = "unknown" // nobody will ever tell: people have to look
)

// Decision is a verdict with what belongs to it.
type Decision struct {
	Verdict Verdict
	At      time.Time // of VerdictRetry and VerdictListen
	Code    string    // of VerdictFailed and VerdictUnknown
	Reason  string    // of the same, for people
}

// SendPolicy is what an operator decides about sending.
type SendPolicy struct {
	// RetryUnknown makes another attempt where nobody will ever tell whether the first one delivered: customers may get a message twice. Without
	// it an agent decides, and a customer may get none.
	RetryUnknown bool
}

// Limits of trying again.
const (
	firstPause  = 2 * time.Second
	longPause   = 10 * time.Minute // the longest pause between two attempts that the platform does not ask for
	refusePause = time.Minute      // the shortest pause while credentials are refused: an operator has to act
	giveUpAfter = 24 * time.Hour   // since the message was written
	longestWait = 48 * time.Hour   // that a platform may ask for

	// queueRemembers is for how long after it was due an attempt may be queued again without the danger of two: the queue still knows the
	// deduplication id. SQS promises five minutes; an attempt is due up to a minute after somebody last tried to queue it.
	queueRemembers = 3 * time.Minute
)

// Attempted is what an attempt was about. Its times are the database's: a function's clock may jump.
type Attempted struct {
	Channel    string
	Age        time.Duration // since the message was written
	Listened   time.Duration // since the platform's word is waited for; 0: it is not
	Doubtful   bool          // an attempt before this one may have delivered
	Repeatable bool          // delivering it twice is as good as once: a reaction replaces the one before
}

// Decide says what becomes of a message after the outcome of an attempt. What failed in the end and may have been delivered before is unknown.
func (p SendPolicy) Decide(spec channels.Spec, a Attempted, o Outcome, now time.Time) Decision {
	d := p.decide(spec, a, o, now)
	if d.Verdict == VerdictFailed && (a.Doubtful || o.MayHaveDelivered()) {
		d.Verdict = VerdictUnknown
		d.Reason = "An earlier attempt may have delivered it: look whether the customer has it. The last one did not: " + d.Reason
	}
	return d
}

func (p SendPolicy) decide(spec channels.Spec, a Attempted, o Outcome, now time.Time) Decision {
	switch o.Result {
	case ResultSent:
		return Decision{Verdict: VerdictSent}
	case ResultRejected:
		return Decision{Verdict: VerdictFailed, Code: o.Code, Reason: o.Reason}
	case ResultOverdue:
		if now.Sub(o.At)+o.After <= queueRemembers {
			return Decision{Verdict: VerdictRequeue}
		}
		return p.uncertain(spec, a, o, now)
	case ResultUnknown:
		return p.uncertain(spec, a, o, now)
	case ResultSilent:
		if left := spec.Confirms - a.Listened; left > 0 {
			return Decision{Verdict: VerdictListen, At: now.Add(left)}
		}
		return again(spec, a, o, 0, now)
	case ResultThrottled:
		return again(spec, a, o, max(min(o.After, longestWait), pause(o.Attempt)), now)
	case ResultRefused:
		return again(spec, a, o, max(refusePause, pause(o.Attempt)), now)
	}
	return again(spec, a, o, pause(o.Attempt), now)
}

func (p SendPolicy) uncertain(spec channels.Spec, a Attempted, o Outcome, now time.Time) Decision {
	switch {
	case a.Repeatable:
		return again(spec, a, o, pause(o.Attempt), now)
	case spec.Confirms > 0:
		return Decision{Verdict: VerdictListen, At: now.Add(spec.Confirms)}
	case p.RetryUnknown:
		return again(spec, a, o, pause(o.Attempt), now)
	}
	return Decision{Verdict: VerdictUnknown, Code: "unknown",
		Reason: spec.Title + " broke off before it said whether it took the message. Look whether the customer has it before you send it again."}
}

func again(spec channels.Spec, a Attempted, o Outcome, wait time.Duration, now time.Time) Decision {
	if a.Age+wait <= giveUpAfter {
		return Decision{Verdict: VerdictRetry, At: now.Add(wait)}
	}
	code, reason := "gave_up", spec.Title+" could not be reached for a day. Try again later."
	switch o.Result {
	case ResultThrottled:
		reason = spec.Title + " wanted no more messages for a day. Try again later."
	case ResultRefused:
		code, reason = codeCredentials, spec.Title+" refused our credentials for a day: an administrator has to enter new ones."
	}
	return Decision{Verdict: VerdictFailed, Code: code, Reason: reason}
}

// codeCredentials is the code of messages that were given up because our credentials were refused all the time.
const codeCredentials = "credentials"

// pause is how long to wait after the n-th attempt: 2, 4, 8, ... seconds, at most ten minutes.
func pause(n int) time.Duration { return doubled(firstPause, n, longPause) }

// doubled is how long to wait after the n-th attempt: the first pause, twice that, four times that, ..., at most the longest.
func doubled(first time.Duration, n int, longest time.Duration) time.Duration {
	wait := first
	for range n - 1 {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}
