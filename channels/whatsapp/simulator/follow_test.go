package simulator

import (
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// TestFollow: of a message come its statuses in order, each with what was attached to it, for every sort of chat.
func TestFollow(t *testing.T) {
	t.Parallel()
	const account = "201188844455501"
	platform, channel := setup(t)
	taken := time.Unix(1790000000, 0).UTC()
	steps := []channels.DeliveryState{channels.Sent, channels.Delivered, channels.Read}
	for name, test := range map[string]struct {
		thread  string
		content channels.Content
		want    []channels.DeliveryState
	}{
		"a number":   {"4915120000000", channels.Content{Text: "Hi"}, steps},
		"a username": {"DE.13491208655302741918", channels.Content{Text: "Hi"}, steps},
		"a group":    {groupOf(account), channels.Content{Text: "Hi"}, steps},
		"a reaction": {"4915120000000", channels.Content{Reaction: &channels.SentReaction{Target: "wamid.0", Emoji: "👍"}}, steps[:1]},
	} {
		d := simulate.Delivery{Account: account, Thread: test.thread, ID: "wamid.1", Handle: "0199", Content: test.content, At: taken}
		events := platform.(simulate.Follower).Follow(d, taken.Add(3*time.Second))
		if err := graphsim.Check(platform, channel, secrets, events); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		results, err := channeltest.Run(channel, platform.Webhooks(events)[0].Body)
		if err != nil || len(results) != len(test.want) {
			t.Errorf("%s: %+v, %v", name, results, err)
			continue
		}
		for i, result := range results {
			s, at := result.Update.Status, taken.Add(3*time.Second)
			if i == 0 {
				at = taken
			}
			if s.Target != d.ID || s.Handle != d.Handle || s.State != test.want[i] || result.Event.Thread != d.Thread ||
				!result.Event.At.Equal(at) || (s.Price != nil) != (s.State != channels.Read) {
				t.Errorf("%s: %+v of %+v", name, s, result.Event)
			}
		}
	}
}
