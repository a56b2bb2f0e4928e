package simulator

import (
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// TestFollow: of a message come its echo, with a handle only if the message took one, and that it was seen.
func TestFollow(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	for _, handle := range []string{"0199", ""} {
		taken := time.UnixMilli(1785000000123).UTC()
		events := platform.(simulate.Follower).Follow(simulate.Delivery{
			Account: "17841400000000001", Thread: "1234567890123456", ID: "aWdf1", Handle: handle, At: taken,
			Content: channels.Content{Text: "Hi"},
		}, taken.Add(3*time.Second))
		if err := graphsim.Check(platform, channel, secrets, events); err != nil {
			t.Fatal(err)
		}
		results, err := channeltest.Run(channel, platform.Webhooks(events)[0].Body)
		if err != nil || len(results) != 2 {
			t.Fatalf("%+v, %v", results, err)
		}
		echo, seen := results[0], results[1]
		if m := echo.Update.Message; m.Direction != channels.Out || m.Handle != handle || m.Text != "Hi" || echo.Event.ID != "aWdf1" {
			t.Errorf("echo: %+v of %+v", m, echo.Event)
		}
		if s := seen.Update.Status; s.Target != "aWdf1" || s.State != channels.Read || !seen.Event.At.Equal(taken.Add(3*time.Second)) {
			t.Errorf("seen: %+v of %+v", s, seen.Event)
		}
	}
}
