package sockets

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"
	"github.com/google/uuid"

	"omni/internal/edge"
)

// socket is one connection.
type socket struct {
	gateway     *Gateway
	id          string
	domain      string
	identity    events.APIGatewayRequestIdentity
	connectedAt time.Time

	conn *websocket.Conn
	idle *time.Timer
	life *time.Timer
	end  error // that serving it ended with

	mu         sync.Mutex
	lastActive time.Time
}

func newSocket(g *Gateway, r *http.Request) *socket {
	sourceIP, _, _ := net.SplitHostPort(r.RemoteAddr)
	now := time.Now()
	return &socket{
		gateway: g, id: newID(), domain: r.Host, connectedAt: now, lastActive: now,
		identity: events.APIGatewayRequestIdentity{SourceIP: sourceIP, UserAgent: r.UserAgent()},
	}
}

// connect asks the function whether the socket may be opened, and returns the status that says so or does not.
func (s *socket) connect(r *http.Request) int {
	event := s.event(edge.RouteConnect, "CONNECT")
	event.Headers, event.MultiValueHeaders = map[string]string{"Host": r.Host}, map[string][]string{"Host": {r.Host}}
	for name, values := range r.Header {
		event.Headers[name], event.MultiValueHeaders[name] = values[len(values)-1], values
	}
	event.QueryStringParameters, event.MultiValueQueryStringParameters = map[string]string{}, map[string][]string{}
	for name, values := range r.URL.Query() {
		event.QueryStringParameters[name], event.MultiValueQueryStringParameters[name] = values[len(values)-1], values
	}
	ctx, cancel := invoke(r.Context())
	defer cancel()
	response, err := s.gateway.function(ctx, event)
	if err != nil {
		s.gateway.log.Error("function did not open a socket", "connection_id", s.id, "error", err.Error())
		return http.StatusBadGateway
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return http.StatusOK
	}
	return response.StatusCode
}

// start begins to count the times of the socket.
func (s *socket) start(conn *websocket.Conn) {
	s.conn = conn
	s.idle = time.AfterFunc(s.gateway.options.Idle, func() { s.close(websocket.StatusGoingAway) })
	s.life = time.AfterFunc(s.gateway.options.Life, func() { s.close(websocket.StatusGoingAway) })
}

// serve answers messages until the socket is closed.
func (s *socket) serve() {
	ctx := context.Background()
	for {
		kind, body, err := s.conn.Read(ctx)
		if err != nil {
			s.end = err
			return
		}
		s.touch()
		if kind != websocket.MessageText {
			s.close(websocket.StatusUnsupportedData)
			continue // reading says that it is closed
		}
		if answer := s.answer(ctx, string(body)); answer != "" {
			_ = s.write(ctx, []byte(answer)) // reading says what is wrong
		}
	}
}

// answer is what the function answers to a message.
func (s *socket) answer(ctx context.Context, body string) string {
	event := s.event(edge.RouteDefault, "MESSAGE")
	event.Body, event.RequestContext.MessageID = body, newID()
	ctx, cancel := invoke(ctx)
	defer cancel()
	response, err := s.gateway.function(ctx, event)
	if err == nil {
		return response.Body
	}
	s.gateway.log.Error("function ended with an error", "connection_id", s.id, "error", err.Error())
	fault, _ := json.Marshal(map[string]string{ // of strings: never fails
		"message": "Internal server error", "connectionId": s.id, "requestId": event.RequestContext.RequestID,
	})
	return string(fault)
}

// disconnect tells the function that the socket is closed, or was never quite open.
func (s *socket) disconnect() {
	s.gateway.remove(s.id)
	if s.idle != nil {
		s.idle.Stop()
		s.life.Stop()
	}
	event := s.event(edge.RouteDisconnect, "DISCONNECT")
	code, reason := closing(s.end)
	event.RequestContext.DisconnectStatusCode, event.RequestContext.DisconnectReason = code, &reason
	ctx, cancel := invoke(context.Background())
	defer cancel()
	if _, err := s.gateway.function(ctx, event); err != nil {
		s.gateway.log.Error("function was not told that a socket is closed", "connection_id", s.id, "error", err.Error())
	}
}

// event is one of the events of the socket.
func (s *socket) event(route, kind string) events.APIGatewayWebsocketProxyRequest {
	now := time.Now()
	request := uuid.NewString()
	return events.APIGatewayWebsocketProxyRequest{RequestContext: events.APIGatewayWebsocketProxyRequestContext{
		RouteKey: route, EventType: kind, ConnectionID: s.id, ConnectedAt: s.connectedAt.UnixMilli(), Identity: s.identity, DomainName: s.domain,
		Stage: "live", APIID: "local", MessageDirection: "IN", RequestID: request, ExtendedRequestID: request,
		RequestTime: now.UTC().Format("02/Jan/2006:15:04:05 -0700"), RequestTimeEpoch: now.UnixMilli(),
	}}
}

// touch notes that something was said.
func (s *socket) touch() {
	s.mu.Lock()
	s.lastActive = time.Now()
	s.mu.Unlock()
	s.idle.Reset(s.gateway.options.Idle)
}

// write sends a message, in frames of a size that is allowed.
func (s *socket) write(ctx context.Context, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	defer s.touch()
	if len(body) <= maxFrame {
		return s.conn.Write(ctx, websocket.MessageText, body)
	}
	message, err := s.conn.Writer(ctx, websocket.MessageText)
	if err != nil {
		return err
	}
	for ; len(body) > 0 && err == nil; body = body[min(len(body), maxFrame):] {
		_, err = message.Write(body[:min(len(body), maxFrame)])
	}
	if err != nil {
		return err
	}
	return message.Close()
}

// close closes the socket as API Gateway does.
func (s *socket) close(code websocket.StatusCode) {
	reason := "Going away"
	if code == websocket.StatusNormalClosure {
		reason = "Connection Closed Normally"
	}
	_ = s.conn.Close(code, reason) // of a client that is gone already nothing else is to be had
}
