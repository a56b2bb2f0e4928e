package sockets_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
	"github.com/coder/websocket"

	"omni/tools/omni/dev/sockets"
)

// world is a gateway with a function that notes its events, and AWS's own client of its connections.
type world struct {
	t       *testing.T
	gateway *sockets.Gateway
	client  *apigatewaymanagementapi.Client
	url     string
	events  chan events.APIGatewayWebsocketProxyRequest

	mu      sync.Mutex
	status  int    // answer to $connect
	body    string // answer to $default
	failing bool
}

func newWorld(t *testing.T, o sockets.Options) *world {
	t.Helper()
	t.Parallel()
	w := &world{t: t, status: http.StatusOK, events: make(chan events.APIGatewayWebsocketProxyRequest, 100)}
	w.gateway = sockets.New(w.function, slog.New(slog.DiscardHandler), o)
	mux := http.NewServeMux()
	mux.Handle("/ws", w.gateway)
	mux.Handle("/live/", http.StripPrefix("/live", w.gateway.Connections()))
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		w.gateway.Close()
		server.Close()
	})
	w.url = "ws" + strings.TrimPrefix(server.URL, "http") + "/ws"
	w.client = apigatewaymanagementapi.New(apigatewaymanagementapi.Options{
		BaseEndpoint: aws.String(server.URL + "/live"), Region: "local", Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
	return w
}

func (w *world) function(_ context.Context, event events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	w.events <- event
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing {
		return events.APIGatewayProxyResponse{}, errors.New("a mistake")
	}
	if event.RequestContext.RouteKey == "$connect" {
		return events.APIGatewayProxyResponse{StatusCode: w.status}, nil
	}
	return events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Body: w.body}, nil
}

// answer sets what the function answers from now on.
func (w *world) answer(status int, body string, failing bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.body, w.failing = status, body, failing
}

// event waits for the next event, which has to be of the route.
func (w *world) event(route string) events.APIGatewayWebsocketProxyRequest {
	w.t.Helper()
	select {
	case event := <-w.events:
		if event.RequestContext.RouteKey != route {
			w.t.Fatalf("the function got %s, not %s", event.RequestContext.RouteKey, route)
		}
		return event
	case <-time.After(time.Minute):
		w.t.Fatalf("no event of %s within a minute", route)
		panic("unreachable")
	}
}

// open opens a socket and returns its id too.
func (w *world) open() (*websocket.Conn, string) {
	w.t.Helper()
	conn, _, err := websocket.Dial(w.t.Context(), w.url+"?ticket=a&ticket=b%20c", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.CloseNow() })
	return conn, w.event("$connect").RequestContext.ConnectionID
}

func (w *world) read(conn *websocket.Conn) string {
	w.t.Helper()
	conn.SetReadLimit(-1)
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	kind, body, err := conn.Read(ctx)
	if err != nil || kind != websocket.MessageText {
		w.t.Fatal(kind, err)
	}
	return string(body)
}

func (w *world) post(id, body string) error {
	_, err := w.client.PostToConnection(w.t.Context(), &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &id, Data: []byte(body)})
	return err
}

// wantGone waits until a connection is known to be closed; posts before that are lost as they are in AWS.
func (w *world) wantGone(id string) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		var gone *types.GoneException
		if err := w.post(id, "{}"); errors.As(err, &gone) {
			return
		} else if err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Error("the connection is not gone within a minute")
}

// wantClosed wants the gateway to close a socket with a code.
func (w *world) wantClosed(conn *websocket.Conn, want websocket.StatusCode) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			if got := websocket.CloseStatus(err); got != want {
				w.t.Errorf("closed with %d, want %d: %v", got, want, err)
			}
			return
		}
	}
}

func TestTheLifeOfASocket(t *testing.T) {
	w := newWorld(t, sockets.Options{})
	conn, _, err := websocket.Dial(t.Context(), w.url+"?ticket=a&ticket=b%20c", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	opened := w.event("$connect")
	if opened.QueryStringParameters["ticket"] != "b c" || len(opened.MultiValueQueryStringParameters["ticket"]) != 2 || opened.Headers["Host"] == "" {
		t.Errorf("%+v", opened)
	}
	about := opened.RequestContext
	if about.EventType != "CONNECT" || len(about.ConnectionID) != 16 || about.Identity.SourceIP != "127.0.0.1" || about.RequestID == "" || about.ConnectedAt == 0 {
		t.Errorf("%+v", about)
	}
	w.answer(200, "answer", false)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("hello ä")); err != nil {
		t.Fatal(err)
	}
	said := w.event("$default")
	if said.Body != "hello ä" || said.RequestContext.EventType != "MESSAGE" || said.RequestContext.ConnectionID != about.ConnectionID {
		t.Errorf("%+v", said)
	}
	if got := w.read(conn); got != "answer" {
		t.Errorf("answered %q", got)
	}
	long := strings.Repeat("ä", 60_000)
	for _, body := range []string{"posted", long} {
		if err := w.post(about.ConnectionID, body); err != nil {
			t.Error(err)
		}
		if got := w.read(conn); got != body {
			t.Errorf("got %d bytes of %d", len(got), len(body))
		}
	}
	shown, err := w.client.GetConnection(t.Context(), &apigatewaymanagementapi.GetConnectionInput{ConnectionId: &about.ConnectionID})
	if err != nil || shown.ConnectedAt == nil || time.Since(*shown.LastActiveAt) > time.Minute || *shown.Identity.SourceIp != "127.0.0.1" {
		t.Errorf("%+v, %v", shown, err)
	}
	conn.Close(4001, "enough")
	ended := w.event("$disconnect").RequestContext
	if ended.EventType != "DISCONNECT" || ended.DisconnectStatusCode != 4001 || *ended.DisconnectReason != "enough" || ended.ConnectionID != about.ConnectionID {
		t.Errorf("%+v", ended)
	}
	w.wantGone(about.ConnectionID)
}

func TestASocketIsOpenedOnlyIfTheFunctionAgrees(t *testing.T) {
	w := newWorld(t, sockets.Options{})
	for _, test := range []struct {
		status  int
		failing bool
		want    int
	}{{401, false, 401}, {503, false, 503}, {200, true, 502}} {
		w.answer(test.status, "", test.failing)
		conn, response, err := websocket.Dial(t.Context(), w.url, nil)
		if err == nil {
			conn.CloseNow()
		}
		if response == nil || response.StatusCode != test.want {
			t.Errorf("%+v: %v, %v", test, response, err)
		}
		w.wantGone(w.event("$connect").RequestContext.ConnectionID)
	}
	response, err := http.Get("http" + strings.TrimPrefix(w.url, "ws"))
	if err != nil || response.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("no socket: %v, %v", response, err)
	}
	if len(w.events) > 0 {
		t.Errorf("the function got %+v", <-w.events)
	}
}

func TestWhatASocketMustNotSend(t *testing.T) {
	w := newWorld(t, sockets.Options{})
	for _, test := range []struct {
		kind  websocket.MessageType
		bytes int
		want  websocket.StatusCode
	}{{websocket.MessageText, 32<<10 + 1, websocket.StatusMessageTooBig}, {websocket.MessageBinary, 1, websocket.StatusUnsupportedData}} {
		conn, id := w.open()
		if err := conn.Write(t.Context(), test.kind, make([]byte, test.bytes)); err != nil {
			t.Fatal(err)
		}
		w.wantClosed(conn, test.want)
		if ended := w.event("$disconnect").RequestContext; ended.ConnectionID != id {
			t.Errorf("%+v", ended)
		}
	}
}

func TestAFunctionThatFailsClosesNothing(t *testing.T) {
	w := newWorld(t, sockets.Options{})
	conn, id := w.open()
	w.answer(200, "", true)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if got := w.read(conn); !strings.Contains(got, `"message":"Internal server error"`) || !strings.Contains(got, id) {
		t.Errorf("answered %s", got)
	}
	if err := w.post(id, "still here"); err != nil || w.read(conn) != "still here" {
		t.Error(err)
	}
}

func TestPostsThatAreRefused(t *testing.T) {
	w := newWorld(t, sockets.Options{})
	conn, id := w.open()
	var large *types.PayloadTooLargeException
	if err := w.post(id, strings.Repeat("x", 128<<10+1)); !errors.As(err, &large) {
		t.Errorf("too large: %v", err)
	}
	conn.CloseNow()
	w.event("$disconnect")
	w.wantGone(id)
	w.wantGone("AAAAAAAAAAAAAAA=")
}

func TestSocketsAreClosedAsAWSDoes(t *testing.T) {
	for name, test := range map[string]struct {
		options sockets.Options
		close   func(*world, string)
		want    websocket.StatusCode
	}{
		"nothing is said": {options: sockets.Options{Idle: 50 * time.Millisecond}, want: websocket.StatusGoingAway},
		"it is too old":   {options: sockets.Options{Life: 50 * time.Millisecond}, want: websocket.StatusGoingAway},
		"it is deleted": {close: func(w *world, id string) {
			if _, err := w.client.DeleteConnection(w.t.Context(), &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: &id}); err != nil {
				w.t.Error(err)
			}
		}, want: websocket.StatusNormalClosure},
		"the gateway ends": {close: func(w *world, _ string) { go w.gateway.Close() }, want: websocket.StatusGoingAway},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.options)
			conn, id := w.open()
			if test.close != nil {
				test.close(w, id)
			}
			w.wantClosed(conn, test.want)
			if ended := w.event("$disconnect").RequestContext; ended.ConnectionID != id || ended.DisconnectStatusCode != int64(test.want) {
				t.Errorf("%+v", ended)
			}
		})
	}
}
