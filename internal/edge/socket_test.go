package edge_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/edge"
	"omni/internal/inbox"
)

// board notes what it is asked, and has one good ticket.
type board struct {
	calls []string
	err   error
}

func (b *board) Open(_ context.Context, connection, ticket string) (bool, error) {
	b.calls = append(b.calls, "open "+connection)
	return ticket == "good ticket", b.err
}

func (b *board) Close(_ context.Context, connection string) error {
	b.calls = append(b.calls, "close "+connection)
	return b.err
}

func (b *board) Answer(message string) inbox.Frame {
	return inbox.Frame{Type: inbox.FrameError, Message: "You said " + message}
}

func socketEvent(route, ticket, body string) events.APIGatewayWebsocketProxyRequest {
	return events.APIGatewayWebsocketProxyRequest{
		QueryStringParameters: map[string]string{"ticket": ticket}, Body: body,
		RequestContext: events.APIGatewayWebsocketProxyRequestContext{RouteKey: route, ConnectionID: "c="},
	}
}

func TestSockets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		event  events.APIGatewayWebsocketProxyRequest
		err    error
		status int
		body   string
		call   string
	}{
		"a good ticket":          {socketEvent("$connect", "good ticket", ""), nil, 200, "", "open c="},
		"another":                {socketEvent("$connect", "secret ticket", ""), nil, 401, "", "open c="},
		"no database":            {socketEvent("$connect", "secret ticket", ""), errors.New("it is away"), 503, "", "open c="},
		"the end":                {socketEvent("$disconnect", "", ""), nil, 200, "", "close c="},
		"the end, not heard of":  {socketEvent("$disconnect", "", ""), errors.New("it is away"), 200, "", "close c="},
		"a message, no database": {socketEvent("$default", "", "private"), errors.New("it is away"), 200, `{"type":"error","message":"You said private"}`, ""},
	} {
		var log bytes.Buffer
		b := &board{err: test.err}
		response, err := edge.Sockets(b, slog.New(slog.NewJSONHandler(&log, nil)))(t.Context(), test.event)
		if err != nil || response.StatusCode != test.status || response.Body != test.body || strings.Join(b.calls, ",") != test.call {
			t.Errorf("%s: %+v, %v after %v", name, response, err, b.calls)
		}
		if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "private") || strings.Contains(log.String(), "good ticket") {
			t.Errorf("%s: the log says too much: %s", name, log.String())
		}
		if test.err != nil && test.call != "" && !strings.Contains(log.String(), "it is away") {
			t.Errorf("%s: nothing in the log", name)
		}
	}
	if _, err := edge.Sockets(&board{}, slog.New(slog.DiscardHandler))(t.Context(), socketEvent("typing", "", "")); err == nil {
		t.Error("an unknown route is answered")
	}
}

func TestBatchReportsWhatIsNotDone(t *testing.T) {
	t.Parallel()
	broken := errors.New("unreadable")
	handler := edge.Batch(slog.New(slog.DiscardHandler), edge.QueueDelay{}, func(_ context.Context, messages []edge.Message) []error {
		errs := make([]error, len(messages))
		for i, m := range messages {
			if m.Body == "bad" {
				errs[i] = broken
			}
		}
		return errs
	})
	response, err := handler(t.Context(), events.SQSEvent{Records: []events.SQSMessage{
		{MessageId: "1", Body: "good"}, {MessageId: "2", Body: "bad"}, {MessageId: "3", Body: "good"},
	}})
	if err != nil || len(response.BatchItemFailures) != 1 || response.BatchItemFailures[0].ItemIdentifier != "2" {
		t.Errorf("%+v, %v", response, err)
	}
}

// What is to be done when a function is done is done whatever came of it, and before anybody has the answer.
func TestThen(t *testing.T) {
	t.Parallel()
	var order []string
	more := func(context.Context) { order = append(order, "more") }
	queue := edge.QueueHandler(func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
		order = append(order, "queue")
		return events.SQSEventResponse{}, errors.New("out of memory")
	}).Then(more)
	web := edge.HTTPHandler(func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		order = append(order, "web")
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusTeapot}, nil
	}).Then(more)
	if _, err := queue(t.Context(), events.SQSEvent{}); err == nil {
		t.Error("the error is lost")
	}
	if answer, err := web(t.Context(), events.APIGatewayV2HTTPRequest{}); err != nil || answer.StatusCode != http.StatusTeapot {
		t.Errorf("%+v, %v", answer, err)
	}
	if got := strings.Join(order, " "); got != "queue more web more" {
		t.Error(got)
	}
}
