package edge_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"omni/internal/edge"
	"omni/internal/pipeline"
)

// intake remembers what it was handed.
type intake struct {
	delivery  pipeline.Delivery
	handshake bool
}

func (i *intake) Handshake(_ context.Context, d pipeline.Delivery) pipeline.Answer {
	i.delivery, i.handshake = d, true
	return pipeline.Answer{Status: http.StatusOK, Body: "<challenge>"}
}

func (i *intake) Preflight(_ context.Context, d pipeline.Delivery) pipeline.Answer {
	i.delivery = d
	return pipeline.Answer{Status: http.StatusNoContent, Header: map[string]string{"Access-Control-Allow-Origin": "https://shop.example"}}
}

func (i *intake) Webhook(_ context.Context, d pipeline.Delivery) pipeline.Answer {
	i.delivery = d
	return pipeline.Answer{Status: http.StatusOK}
}

var routes = map[string]string{
	"POST /webhooks/chat": "chat", "GET /webhooks/chat": "chat", "POST /webhooks/chat/{account}": "chat",
	"OPTIONS /webhooks/chat": "chat",
}

func TestABrowserIsToldWhetherItsPageMayWrite(t *testing.T) {
	t.Parallel()
	i := &intake{}
	response, err := edge.Webhooks(routes, i)(t.Context(), events.APIGatewayV2HTTPRequest{
		RouteKey: "OPTIONS /webhooks/chat", Headers: map[string]string{"origin": "https://shop.example"},
	})
	if err != nil || response.StatusCode != http.StatusNoContent || response.Headers["Access-Control-Allow-Origin"] != "https://shop.example" {
		t.Errorf("%+v, %v", response, err)
	}
	if i.delivery.Request.Header.Get("Origin") != "https://shop.example" {
		t.Errorf("%+v", i.delivery)
	}
}

func TestAnEventBecomesADelivery(t *testing.T) {
	t.Parallel()
	signed := []byte("{\"a\":\"\xff\"}")
	i := &intake{}
	_, err := edge.Webhooks(routes, i)(t.Context(), events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /webhooks/chat/{account}", RawQueryString: "a=1&a=2", PathParameters: map[string]string{"account": "shop"},
		Headers: map[string]string{"x-hub-signature-256": "sha256=00"}, Body: base64.StdEncoding.EncodeToString(signed), IsBase64Encoded: true,
		RequestContext: events.APIGatewayV2HTTPRequestContext{RequestID: "r-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := i.delivery
	if d.Channel != "chat" || d.Account != "shop" || d.RequestID != "r-1" || i.handshake {
		t.Errorf("got %+v", d)
	}
	if !bytes.Equal(d.Request.Body, signed) || d.Request.Header.Get("X-Hub-Signature-256") != "sha256=00" {
		t.Errorf("the signed bytes or their signature changed: %q, %v", d.Request.Body, d.Request.Header)
	}
	if diff := cmp.Diff([]string{"1", "2"}, d.Request.Query["a"]); diff != "" {
		t.Error(diff)
	}
}

func TestAURLWithoutAccountMeansTheDefaultOne(t *testing.T) {
	t.Parallel()
	i := &intake{}
	response, err := edge.Webhooks(routes, i)(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: "GET /webhooks/chat"})
	if err != nil || !i.handshake || i.delivery.Account != "default" {
		t.Errorf("%+v, %v", i, err)
	}
	if response.Body != "<challenge>" || response.Headers["Content-Type"] != "text/plain; charset=utf-8" || response.Headers["X-Content-Type-Options"] != "nosniff" {
		t.Errorf("an echoed value must not become HTML: %+v", response)
	}
}

func TestEventsThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		event  events.APIGatewayV2HTTPRequest
		status int
	}{
		"unknown route": {events.APIGatewayV2HTTPRequest{RouteKey: "POST /webhooks/pigeon"}, 404},
		"broken Base64": {events.APIGatewayV2HTTPRequest{RouteKey: "POST /webhooks/chat", Body: "%", IsBase64Encoded: true}, 400},
		"broken query":  {events.APIGatewayV2HTTPRequest{RouteKey: "GET /webhooks/chat", RawQueryString: "%zz"}, 400},
	} {
		response, err := edge.Webhooks(routes, &intake{})(t.Context(), test.event)
		if err != nil || response.StatusCode != test.status {
			t.Errorf("%s: %d wanted, got %+v, %v", name, test.status, response, err)
		}
	}
}

// A request that goes through Event and Webhooks arrives as it was sent, whatever its bytes.
func TestHTTPToEventAndBack(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"text":"äöü"}`, "\xff\x00binary", ""} {
		i := &intake{}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /webhooks/chat/{account}", func(w http.ResponseWriter, r *http.Request) {
			event, err := edge.Event(r, r.Pattern)
			if err != nil {
				t.Error(err)
			}
			response, err := edge.Webhooks(routes, i)(r.Context(), event)
			if err != nil || edge.Write(w, response) != nil {
				t.Error(err)
			}
		})
		r := httptest.NewRequest("POST", "/webhooks/chat/my%20shop?x=1", strings.NewReader(body))
		r.Header.Set("X-Hub-Signature-256", "sha256=00")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusOK || string(i.delivery.Request.Body) != body || i.delivery.Account != "my shop" || i.delivery.Request.Query.Get("x") != "1" {
			t.Errorf("%q: %d, %+v", body, w.Code, i.delivery)
		}
		if i.delivery.Request.Header.Get("X-Hub-Signature-256") != "sha256=00" || i.delivery.RequestID == "" {
			t.Errorf("headers %v, request id %q", i.delivery.Request.Header, i.delivery.RequestID)
		}
	}
}

func TestABodyThatAPIGatewayWouldRefuseIsRefused(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", io.LimitReader(zeros{}, 11<<20))
	if _, err := edge.Event(r, "POST /"); !errors.Is(err, edge.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// delays notes how long messages are to wait, by receipt handle.
type delays map[string]time.Duration

func (d delays) Delay(_ context.Context, queueARN, receiptHandle string, delay time.Duration) error {
	d[receiptHandle] = delay
	return nil
}

func TestAfterAFailureTheRestOfItsGroupComesAgain(t *testing.T) {
	t.Parallel()
	message := func(id, group, receives string) events.SQSMessage {
		return events.SQSMessage{
			MessageId: id, ReceiptHandle: id, Body: id,
			Attributes: map[string]string{"MessageGroupId": group, "ApproximateReceiveCount": receives},
		}
	}
	var worked []string
	delayed := delays{}
	handler := edge.Queue(slog.New(slog.DiscardHandler), delayed, func(_ context.Context, m edge.Message) error {
		worked = append(worked, m.Body)
		if m.Body == "a2" || m.Body == "c1" {
			return errors.New("the database is away")
		}
		return nil
	})
	response, err := handler(t.Context(), events.SQSEvent{Records: []events.SQSMessage{
		message("a1", "a", "1"), message("a2", "a", "3"), message("b1", "b", "1"), message("a3", "a", "1"), message("b2", "b", "1"),
		message("c1", "c", "99"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a1", "a2", "b1", "b2", "c1"}, worked); diff != "" {
		t.Errorf("worked on (-want +got):\n%s", diff)
	}
	want := []events.SQSBatchItemFailure{{ItemIdentifier: "a2"}, {ItemIdentifier: "a3"}, {ItemIdentifier: "c1"}}
	if diff := cmp.Diff(want, response.BatchItemFailures); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(delays{"a2": 4 * time.Second, "a3": 4 * time.Second, "c1": time.Minute}, delayed); diff != "" {
		t.Errorf("delayed (-want +got):\n%s", diff)
	}
}
