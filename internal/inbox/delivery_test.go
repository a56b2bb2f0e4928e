package inbox_test

import (
	"strings"
	"testing"
	"time"

	"omni/internal/inbox"
)

func TestWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	now := noon
	active := inbox.Subscription{State: inbox.SubscriptionActive}
	off := inbox.Subscription{State: inbox.SubscriptionOff}
	failing := func(since time.Duration) inbox.Subscription {
		return inbox.Subscription{State: inbox.SubscriptionActive, FailingSince: now.Add(-since)}
	}
	broken := inbox.Reply{Status: 500, Error: "broken"}
	asking := func(wait time.Duration) inbox.Reply {
		return inbox.Reply{Status: 429, Error: "slow down", RetryAfter: wait}
	}
	for name, test := range map[string]struct {
		to       inbox.Subscription
		failures int
		reply    inbox.Reply
		state    inbox.DeliveryState
		wait     time.Duration
		disabled string
	}{
		"taken":                                {active, 3, inbox.Reply{Status: 204}, inbox.DeliveryDelivered, 0, ""},
		"taken by one that is disabled":        {off, 0, inbox.Reply{Status: 204}, inbox.DeliveryDelivered, 0, ""},
		"the first failure":                    {active, 0, broken, inbox.DeliveryWaiting, 5 * time.Second, ""},
		"the fourth failure":                   {failing(time.Hour), 3, broken, inbox.DeliveryWaiting, 10 * time.Minute, ""},
		"the last pause":                       {failing(time.Hour), 10, broken, inbox.DeliveryWaiting, 6*time.Hour + 30*time.Minute, ""},
		"given up while others succeed":        {failing(time.Hour), 11, broken, inbox.DeliveryFailed, 0, ""},
		"failing for a day":                    {failing(24 * time.Hour), 4, broken, inbox.DeliveryHeld, 0, "for a day"},
		"gone":                                 {active, 0, inbox.Reply{Status: 410, Error: "gone"}, inbox.DeliveryHeld, 0, "410"},
		"disabled meanwhile":                   {off, 0, broken, inbox.DeliveryHeld, 0, ""},
		"asks for a pause":                     {active, 0, asking(time.Minute), inbox.DeliveryWaiting, time.Minute, ""},
		"asks for a shorter pause than ours":   {active, 3, asking(time.Second), inbox.DeliveryWaiting, 10 * time.Minute, ""},
		"asks for more than it may":            {active, 0, asking(72 * time.Hour), inbox.DeliveryWaiting, 6 * time.Hour, ""},
		"not made, because it waited too long": {failing(48 * time.Hour), 11, inbox.Reply{Stale: true}, inbox.DeliveryWaiting, 0, ""},
		"not made for one that is disabled":    {off, 0, inbox.Reply{Stale: true}, inbox.DeliveryHeld, 0, ""},
	} {
		got := test.to.Decide(test.failures, test.reply, now, 0)
		if got.State != test.state || (got.Disable == "") != (test.disabled == "") || !strings.Contains(got.Disable, test.disabled) {
			t.Errorf("%s: %+v", name, got)
		}
		if got.State == inbox.DeliveryWaiting && got.DueAt.Sub(now) != test.wait {
			t.Errorf("%s: due after %s, %s wanted", name, got.DueAt.Sub(now), test.wait)
		}
	}
}

// The last attempt is made a day after the first, at the earliest, so that a subscription whose endpoint takes nothing is always disabled.
func TestADeliveryIsTriedForADay(t *testing.T) {
	t.Parallel()
	for _, random := range []float64{0, 0.5, 1} {
		s, began, now := inbox.Subscription{State: inbox.SubscriptionActive}, noon, noon
		attempts := 0
		for s.State == inbox.SubscriptionActive {
			d := s.Decide(attempts, inbox.Reply{Status: 500, Error: "broken"}, now, random)
			if attempts++; attempts == 1 {
				s.FailingSince = began
			}
			if d.State == inbox.DeliveryFailed {
				t.Fatal("it was given up and the subscription was not disabled")
			}
			if d.Disable != "" {
				s.State = inbox.SubscriptionOff
			} else {
				now = d.DueAt
			}
		}
		if took := now.Sub(began); took < 24*time.Hour || took > 31*time.Hour || attempts < 10 {
			t.Errorf("%d attempts in %s", attempts, took)
		}
	}
}
