package simulator

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/channels/webchat"
)

var secrets = channels.Secrets{"signing_key": {"a key of thirty-two characters!!", "older"}, "origins": {"https://shop.example"}}

func scene(serial, customer int, earlier ...string) simulate.Scene {
	return simulate.Scene{
		Rand: rand.New(rand.NewPCG(7, uint64(serial))), At: time.Unix(1_796_000_000, 0), Customer: simulate.Customer{Number: customer, Name: "Ada"},
		Serial: serial, Run: "tests", Earlier: earlier,
	}
}

// TestChannelUnderstands holds what the simulator announces against what the channel makes of it.
func TestChannelUnderstands(t *testing.T) {
	t.Parallel()
	channel, err := channels.Open("webchat", channels.Env{Account: "shop", Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	var events []simulate.Event
	for serial, kind := range (platform{}).Kinds() {
		event, err := platform{}.Event(kind, scene(serial, serial/3, "anon:x/m1"))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	webhooks := platform{}.Webhooks(events)
	if len(webhooks) != 2 {
		t.Errorf("%d webhooks of two visitors", len(webhooks))
	}
	for _, w := range webhooks {
		platform{}.Sign(&w, secrets)
		request := &channels.Request{Header: w.Header, Body: w.Body}
		if err := channel.Verify(request); err != nil {
			t.Errorf("%v: %s", err, w.Body)
		}
		found, err := channel.Parse(request)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []simulate.Expected
		for _, e := range found {
			got = append(got, simulate.Expected{Kind: e.Kind, Account: e.Account, Thread: e.Thread, ID: e.ID})
			if _, err := channel.Normalize(e); err != nil {
				t.Errorf("%v: %s", err, e.Raw)
			}
		}
		for _, e := range w.Events {
			want = append(want, e.Expect...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\nbecomes   %+v\nannounced %+v", w.Body, got, want)
		}
	}
}

func TestAReplyNeedsAnEarlierMessage(t *testing.T) {
	t.Parallel()
	if event, err := (platform{}).Event("reply", scene(1, 1)); err == nil {
		t.Errorf("%+v", event)
	}
}
