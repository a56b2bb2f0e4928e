package channels_test

import (
	"errors"
	"testing"

	"omni/channels"
	"omni/channels/simulate"
)

// manySends is how many messages are sent until a platform with a limit must have throttled one.
const manySends = 5000

// checkRate sends as fast as it can: the simulated platform takes what the spec says, and throttles what is more.
func checkRate(t *testing.T, spec channels.Spec) {
	if spec.Rate == 0 {
		t.Skip("its platform names no limit")
	}
	chat := startChat(t, spec)
	var err error
	for range manySends {
		if _, err = chat.channel.Send(t.Context(), chat.saying(channels.Content{Text: "Hello"})); err != nil {
			break
		}
	}
	var throttled *channels.ThrottledError
	if !errors.As(err, &throttled) {
		t.Fatalf("after %d messages: %v, want that it is throttled", len(chat.inspector.Deliveries()), err)
	}
	if peak := simulate.Peak(chat.inspector.Deliveries()); float64(peak) != spec.Rate {
		t.Errorf("the platform took %d messages in a second, the spec says %g", peak, spec.Rate)
	}
}
