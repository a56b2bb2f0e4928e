package graphsim

import (
	"errors"
	"fmt"
	"net/http"

	"omni/channels"
	"omni/channels/simulate"
)

// Check sends the events to the channel, packed and signed, and reports where the channel finds something else than they announce, or
// nil.
func Check(p simulate.Platform, channel channels.Channel, secrets channels.Secrets, events []simulate.Event) error {
	for _, webhook := range p.Webhooks(events) {
		p.Sign(&webhook, secrets)
		if err := checkWebhook(channel, webhook); err != nil {
			return err
		}
	}
	return nil
}

func checkWebhook(channel channels.Channel, webhook simulate.Webhook) error {
	request := &channels.Request{Header: webhook.Header, Body: webhook.Body}
	if err := channel.Verify(request); err != nil {
		return fmt.Errorf("verifying %s: %w", webhook.Body, err)
	}
	if channel.Verify(&channels.Request{Header: webhook.Header, Body: append([]byte(" "), webhook.Body...)}) == nil {
		return errors.New("the channel accepts a body that was not signed")
	}
	if channel.Verify(&channels.Request{Header: http.Header{}, Body: webhook.Body}) == nil {
		return errors.New("the channel accepts a body without a signature")
	}
	found, err := channel.Parse(request)
	if err != nil {
		return fmt.Errorf("parsing %s: %w", webhook.Body, err)
	}
	var expected []simulate.Expected
	for _, event := range webhook.Events {
		expected = append(expected, event.Expect...)
	}
	if len(found) != len(expected) {
		return fmt.Errorf("%d events expected, got %d of %s", len(expected), len(found), webhook.Body)
	}
	for i, event := range found {
		got := simulate.Expected{Kind: event.Kind, Account: event.Account, Thread: event.Thread, ID: event.ID}
		if got != expected[i] {
			return fmt.Errorf("%+v expected, got %+v of %s", expected[i], got, event.Raw)
		}
		if _, err := channel.Normalize(event); err != nil {
			return fmt.Errorf("normalizing %s: %w", event.Raw, err)
		}
	}
	return nil
}
