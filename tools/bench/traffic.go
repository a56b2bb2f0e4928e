package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/edge"
)

// The traffic of ingest and process: plain messages to one WhatsApp number.
const (
	chat          = "whatsapp"
	text          = "text"
	accountNumber = "100000000000001"
)

// customers is how many people write in turns.
const customers = 1000

// traffic makes webhooks that never repeat.
type traffic struct {
	platform simulate.Platform
	secrets  channels.Secrets
	accounts int // over how many numbers the messages are spread; 0: one
	rand     *rand.Rand
	run      string
	serial   int
}

func newTraffic() (*traffic, error) {
	platform, ok := simulate.Lookup(chat)
	if !ok {
		return nil, fmt.Errorf("%s has no simulator", chat)
	}
	all, err := secretsOf{}.Secrets(context.Background(), chat)
	return &traffic{
		platform: platform, secrets: all[channels.DefaultAccount], rand: rand.New(rand.NewPCG(1, 2)),
		run: strconv.FormatInt(time.Now().UnixNano(), 36),
	}, err
}

// event is something that a customer does.
func (t *traffic) event(customer int, kind string, earlier ...string) (simulate.Event, error) {
	scene := t.scene(customer)
	scene.Earlier = earlier
	return t.platform.Event(kind, scene)
}

func (t *traffic) scene(customer int) simulate.Scene {
	t.serial++
	return simulate.Scene{
		Rand: t.rand, At: time.Now(), Account: t.account(customer), Serial: t.serial, Run: t.run,
		Customer: simulate.Customer{Number: customer, Name: "Customer " + strconv.Itoa(customer)},
	}
}

// said is one signed webhook of a customer who says something.
func (t *traffic) said(customer int, words string) (events.APIGatewayV2HTTPRequest, error) {
	scene := t.scene(customer)
	scene.Words = words
	event, err := t.platform.Event(text, scene)
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, err
	}
	return t.signed(event), nil
}

func (t *traffic) account(customer int) string {
	if t.accounts == 0 {
		return accountNumber
	}
	return strconv.Itoa(200000000000000 + customer%t.accounts)
}

// webhook is one signed webhook of that many messages, each of another customer, as API Gateway hands it over.
func (t *traffic) webhook(messages int) (events.APIGatewayV2HTTPRequest, error) {
	all := make([]simulate.Event, messages)
	for i := range all {
		var err error
		if all[i], err = t.event(t.serial%customers, text); err != nil {
			return events.APIGatewayV2HTTPRequest{}, err
		}
	}
	return t.signed(all...), nil
}

func (t *traffic) signed(all ...simulate.Event) events.APIGatewayV2HTTPRequest {
	w := t.platform.Webhooks(all)[0]
	t.platform.Sign(&w, t.secrets)
	event := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /webhooks/" + chat, Body: string(w.Body), Headers: map[string]string{},
		RequestContext: events.APIGatewayV2HTTPRequestContext{RequestID: fmt.Sprintf("bench-%010d", t.serial)},
	}
	for name, values := range w.Header {
		event.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return event
}

// webhooks are n of one message each.
func (t *traffic) webhooks(n int) ([]events.APIGatewayV2HTTPRequest, error) {
	all := make([]events.APIGatewayV2HTTPRequest, n)
	for i := range all {
		var err error
		if all[i], err = t.webhook(1); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// deliver hands a webhook to the function; anything but 200 is an error.
func deliver(ctx context.Context, function edge.HTTPHandler, webhook events.APIGatewayV2HTTPRequest) error {
	answer, err := function(ctx, webhook)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("a webhook was answered with %d %s", answer.StatusCode, answer.Body)
	}
	return err
}
