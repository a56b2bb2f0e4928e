package channels_test

import (
	"slices"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// checkConfirmations follows what becomes of a message: the events are those that the platform announces, they name the message as its
// receipt does, and where the spec says that the platform confirms, one gives the handle back.
func checkConfirmations(t *testing.T, spec channels.Spec) {
	follower, ok := platform(t, spec).(simulate.Follower)
	if !ok {
		if spec.Confirms > 0 {
			t.Error("its platform confirms what it took, and its simulator is no simulate.Follower")
		}
		return
	}
	chat := startChat(t, spec)
	sent := chat.saying(channels.Content{Text: "Hello"})
	receipt, err := chat.channel.Send(t.Context(), sent)
	if err != nil {
		t.Fatal(err)
	}
	delivery := chat.inspector.Deliveries()[0]
	reports := chat.reports(t, follower.Follow(delivery, delivery.At.Add(time.Second)))
	if len(reports) == 0 {
		t.Error("its platform reports nothing of a message")
	}
	if !slices.ContainsFunc(reports, func(r channeltest.Result) bool { return names(r) == receipt.ID && r.Event.Thread == sent.Thread }) {
		t.Errorf("no report is about %s in %s: %+v", receipt.ID, sent.Thread, reports)
	}
	if spec.Confirms > 0 && !slices.ContainsFunc(reports, func(r channeltest.Result) bool { return handle(r) == sent.Handle }) {
		t.Errorf("no report gives the handle back: %+v", reports)
	}
}

// reports are what the channel makes of the events, each of which must be as announced.
func (c *chat) reports(t *testing.T, events []simulate.Event) []channeltest.Result {
	t.Helper()
	simulated := platform(t, c.spec)
	var reports []channeltest.Result
	for _, w := range simulated.Webhooks(events) {
		simulated.Sign(&w, c.secrets)
		if err := verify(c.channel, w); err != nil {
			t.Errorf("%v: %s", err, w.Body)
		}
		results, err := channeltest.Run(c.channel, w.Body)
		if err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		reports = append(reports, results...)
	}
	var announced []simulate.Expected
	for _, event := range events {
		announced = append(announced, event.Expect...)
	}
	found := make([]simulate.Expected, len(reports))
	for i, r := range reports {
		found[i] = simulate.Expected{Kind: r.Event.Kind, Account: r.Event.Account, Thread: r.Event.Thread, ID: r.Event.ID}
	}
	if !slices.Equal(announced, found) {
		t.Errorf("announced: %+v\nfound: %+v", announced, found)
	}
	return reports
}

// names is the message that a report is about, if it names one.
func names(r channeltest.Result) string {
	switch u := r.Update; {
	case u == nil:
		return ""
	case u.Status != nil:
		return u.Status.Target
	case u.Message != nil && u.Message.Direction == channels.Out:
		return r.Event.ID
	}
	return ""
}

// handle is what a report gives back of what was attached to the message.
func handle(r channeltest.Result) string {
	switch u := r.Update; {
	case u == nil:
		return ""
	case u.Status != nil:
		return u.Status.Handle
	case u.Message != nil:
		return u.Message.Handle
	}
	return ""
}
