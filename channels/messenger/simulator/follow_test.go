package simulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// TestFollow: of a message come its echo, with what was attached to it, and how far it and all before it got.
func TestFollow(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	taken := time.UnixMilli(1785000000123).UTC()
	seen := taken.Add(3 * time.Second)
	events := platform.(simulate.Follower).Follow(simulate.Delivery{
		Account: "17841400000000001", App: "1000", Thread: "7482913650021475", ID: "m_1", Handle: "0199", At: taken,
		Content: channels.Content{File: &channels.File{Kind: channels.Video, Link: "https://files.example/f"}},
	}, seen)
	if err := graphsim.Check(platform, channel, secrets, events); err != nil {
		t.Fatal(err)
	}
	results, err := channeltest.Run(channel, platform.Webhooks(events)[0].Body)
	if err != nil || len(results) != 4 {
		t.Fatalf("%+v, %v", results, err)
	}
	echo := results[0].Update.Message
	if echo.Direction != channels.Out || echo.Handle != "0199" || echo.Type != channels.MessageType(channels.Video) ||
		results[0].Event.ID != "m_1" || !results[0].Event.At.Equal(taken) || results[0].Update.Extra["app_id"] != "1000" {
		t.Errorf("echo: %+v of %+v", echo, results[0].Event)
	}
	customer := &channels.Person{Identities: []channels.Identity{{Kind: "psid", Value: "7482913650021475"}}}
	want := []channels.Update{
		{Person: customer, Status: &channels.Status{Target: "m_1", State: channels.Delivered, Recipient: "7482913650021475"}},
		{Person: customer, Watermark: &channels.Watermark{State: channels.Delivered, Until: seen, Actor: "7482913650021475"}},
		{Person: customer, Watermark: &channels.Watermark{State: channels.Read, Until: seen, Actor: "7482913650021475"}},
	}
	got := []channels.Update{*results[1].Update, *results[2].Update, *results[3].Update}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
}

// TestFollowRepeats: the same delivery is reported in the same words, and a reaction not at all.
func TestFollowRepeats(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	d := simulate.Delivery{Account: "1", Thread: "7482913650021475", ID: "m_1", At: time.UnixMilli(1785000000123), Content: channels.Content{Text: "Hi"}}
	body := func() string { return string(platform.Webhooks(platform.(simulate.Follower).Follow(d, d.At))[0].Body) }
	if first, second := body(), body(); first != second {
		t.Errorf("the same delivery became\n%s\nand\n%s", first, second)
	}
	d.ID = ""
	d.Content = channels.Content{Reaction: &channels.SentReaction{Target: "m_0", Emoji: "👍"}}
	if events := platform.(simulate.Follower).Follow(d, d.At); len(events) > 0 {
		t.Errorf("of a reaction comes %+v", events)
	}
}
