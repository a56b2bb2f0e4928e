package platforms

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/inbox"
)

// Taken is a message that a platform took, with what it told the product of it.
type Taken struct {
	Channel           string
	CredentialAccount string
	simulate.Delivery
	Told  []simulate.Expected    // what was reported by webhooks that were answered with 200
	State channels.DeliveryState // the furthest that they said; empty: nothing
	Open  int                    // webhooks that are still to be taken in
}

// maxReports is how many webhooks of one account are under way at once.
const maxReports = 16

// follow makes the events that a platform reports of a delivery; none if it reports nothing, or there is nobody to report to.
func (p *player) follow(d simulate.Delivery, at time.Time) []simulate.Event {
	follower, ok := p.platform.(simulate.Follower)
	if !ok || p.webhook == "" {
		return nil
	}
	return follower.Follow(d, at)
}

// report sends so many webhooks about a delivery, one after the other, as they happen.
func (p *player) report(t *Taken, events int) {
	waits := make([]time.Duration, events)
	read := t.At
	for n := range waits {
		waits[n] = rand.N(2*p.pause + 1)
		read = read.Add(waits[n])
	}
	for n, event := range p.follow(t.Delivery, read) {
		select {
		case <-p.ctx.Done():
			return
		case <-time.After(waits[n]):
		}
		select {
		case <-p.ctx.Done():
			return
		case p.busy <- struct{}{}:
		}
		p.tell(t, event)
		<-p.busy
	}
}

// tell sends the webhook of one event, perhaps twice.
func (p *player) tell(t *Taken, event simulate.Event) {
	webhook := p.platform.Webhooks([]simulate.Event{event})[0]
	p.platform.Sign(&webhook, p.secrets)
	outcome := p.courier.Deliver(p.ctx, p.webhook, webhook)
	if outcome.Status != http.StatusOK {
		if p.ctx.Err() == nil {
			p.log.Error("webhook given up", "outcome", outcome.String())
		}
		return
	}
	state, err := p.state(webhook)
	if err != nil {
		p.log.Error("own webhook not understood", "error", err.Error())
	}
	p.mu.Lock()
	t.Told, t.State, t.Open = append(t.Told, event.Expect...), inbox.Forward(t.State, state), t.Open-1
	again := rand.Float64() < p.trouble.Repeat
	p.mu.Unlock()
	p.happened()
	if p.accepted != nil {
		p.accepted(p.channel, p.account, webhook)
	}
	if again && p.courier.Deliver(p.ctx, p.webhook, webhook).Status == http.StatusOK && p.accepted != nil {
		p.accepted(p.channel, p.account, webhook)
	}
}

// state is how far a webhook says that a message got.
func (p *player) state(w simulate.Webhook) (furthest channels.DeliveryState, err error) {
	channel, err := channels.Open(p.channel, channels.Env{Account: p.account, Secrets: p.secrets})
	if err != nil {
		return "", err
	}
	events, err := channel.Parse(&channels.Request{Header: w.Header, Body: w.Body})
	for _, event := range events {
		update, failed := channel.Normalize(event)
		switch {
		case failed != nil:
			err = failed
		case update.Status != nil:
			furthest = inbox.Forward(furthest, update.Status.State)
		case update.Watermark != nil:
			furthest = inbox.Forward(furthest, update.Watermark.State)
		case update.Message != nil:
			furthest = inbox.Forward(furthest, channels.Sent)
		}
	}
	if err != nil {
		return furthest, fmt.Errorf("reading a webhook of %s: %w", p.channel, err)
	}
	return furthest, nil
}
