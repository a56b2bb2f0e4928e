package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// addAgent makes an agent.
func (s *staff) addAgent(name string) uuid.UUID {
	s.t.Helper()
	id := uuid.New()
	if _, err := s.admin.Exec(s.t.Context(), `INSERT INTO agents (id, subject, name, role) VALUES ($1, $2, $2, 'agent')`, id, name); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func connect(connection, ticket string) events.APIGatewayWebsocketProxyRequest {
	return events.APIGatewayWebsocketProxyRequest{
		QueryStringParameters: map[string]string{"ticket": ticket},
		RequestContext:        events.APIGatewayWebsocketProxyRequestContext{RouteKey: edge.RouteConnect, ConnectionID: connection},
	}
}

// socket calls a realtime function.
func (s *staff) socket(function edge.SocketHandler, event events.APIGatewayWebsocketProxyRequest) events.APIGatewayProxyResponse {
	s.t.Helper()
	response, err := function(s.t.Context(), event)
	if err != nil {
		s.t.Fatal(err)
	}
	return response
}

// From the ticket to the end of the connection, each function in its role: the API gives the ticket, realtime opens, the processor tells and hears who
// is gone, the sweeper clears away.
func TestTheRolesSufficeForSockets(t *testing.T) {
	s := hire(t)
	agent, told := s.addAgent("ada"), &switchboard{}
	opened, err := store.Open(as(t, s.url, "omni_api"), store.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	tickets := &pipeline.Tickets{Store: opened, URL: "wss://example.com", Now: time.Now}
	realtime := s.parts(as(t, s.url, "omni_realtime")).Realtime()
	for _, connection := range []string{"a", "b", "c"} {
		ticket, err := tickets.Issue(t.Context(), inbox.TicketHolder{Agent: agent})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.socket(realtime, connect(connection, ticket.Ticket)); got.StatusCode != http.StatusOK {
			t.Fatalf("%+v", got)
		}
		if got := s.socket(realtime, connect(connection, ticket.Ticket)); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("a second time: %+v", got)
		}
	}
	closed := connect("c", "")
	closed.RequestContext.RouteKey = edge.RouteDisconnect
	s.socket(realtime, closed)

	parts := s.parts(as(t, s.url, "omni_processor"))
	parts.Pusher = app.NewPusher(parts.Store, told, parts.Log)
	processor := parts.Processor()
	hello, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", hello)
	s.hand(processor)
	if len(told.pushes) != 1 || len(told.pushes[0].Connections) != 2 || told.pushes[0].Frame.Type != inbox.FrameFeed {
		t.Errorf("%+v", told.pushes)
	}
	if err := parts.Queue.(*queue.Sender).ReportGone(t.Context(), []string{"b"}); err != nil {
		t.Fatal(err)
	}
	s.hand(processor)
	for _, role := range []string{"omni_api", "omni_sweeper"} { // they write changes too, and tell of them
		some := s.parts(as(t, s.url, role))
		if open, err := some.Store.Connections(t.Context()); err != nil || len(open) != 1 || open[0].ID != "a" {
			t.Errorf("%s: open are %v, %v", role, open, err)
		}
	}
	s.execute(`UPDATE connections SET connected_at = now() - interval '3 hours'; INSERT INTO tickets VALUES ('\x00', (SELECT id FROM agents), now() - interval '1 second')`)
	if _, err := s.sweeper.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if n := s.count(`SELECT (SELECT count(*) FROM connections) + (SELECT count(*) FROM tickets)`); n != 0 {
		t.Errorf("%d connections and tickets are left", n)
	}
	for role, statements := range map[string][]string{
		"omni_realtime": {
			`SELECT text FROM messages`, `SELECT name FROM contacts`, `SELECT kind FROM feed`, `SELECT email FROM agents`, `SELECT name FROM agents`,
			`INSERT INTO tickets DEFAULT VALUES`, `UPDATE connections SET agent_id = NULL`, `SELECT agent_id FROM connections`,
		},
		"omni_api":       {`SELECT hash FROM tickets`, `DELETE FROM tickets`, `INSERT INTO connections DEFAULT VALUES`, `DELETE FROM connections`},
		"omni_processor": {`SELECT hash FROM tickets`, `INSERT INTO connections DEFAULT VALUES`, `SELECT name FROM agents`},
		"omni_sweeper":   {`SELECT hash FROM tickets`, `SELECT name FROM agents`},
		"omni_webhook":   {`SELECT id FROM connections`, `SELECT hash FROM tickets`},
	} {
		for _, statement := range statements {
			s.refuse(role, statement)
		}
	}
}

// switchboard keeps pushes.
type switchboard struct{ pushes []inbox.Push }

func (b *switchboard) Push(_ context.Context, push inbox.Push) error {
	b.pushes = append(b.pushes, push)
	return nil
}

// Dashboards ping every half minute. With the database asleep, and none at all, they are answered.
func TestAPingTouchesNoDatabase(t *testing.T) {
	c := setup(t)
	opened, err := store.Open(c.tap.URL(), store.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	realtime := app.Parts{Store: opened, Log: slog.New(slog.DiscardHandler)}.Realtime()
	before := c.tap.RoundTrips()
	for _, body := range []string{`{"type":"ping"}`, `{"type":"nonsense"}`, `nonsense`} {
		event := connect("a", "")
		event.RequestContext.RouteKey, event.Body = edge.RouteDefault, body
		response, err := realtime(t.Context(), event)
		if err != nil || response.StatusCode != http.StatusOK || strings.Contains(body, "ping") != (response.Body == `{"type":"pong"}`) {
			t.Errorf("%s: %+v, %v", body, response, err)
		}
	}
	if took := c.tap.RoundTrips() - before; took != 0 {
		t.Errorf("%d round trips", took)
	}
	if response, _ := realtime(t.Context(), connect("a", "made up")); response.StatusCode != http.StatusUnauthorized || c.tap.RoundTrips() == before {
		t.Error("the tap counts nothing")
	}
}

// Telling dashboards costs a look at the connections, once a second at most, and nothing for each message.
func TestTellingDashboardsTakesARoundTripASecond(t *testing.T) {
	c := setup(t)
	told := &switchboard{}
	c.processor = c.telling(told)
	for range 2 { // a new customer, a known one
		c.take(c.event("text", 0))
		c.process()
	}
	const messages, each = 10, 3
	began, trips := time.Now(), 0
	told.pushes = nil
	for range messages {
		c.take(c.event("text", 0))
		trips += c.process()
	}
	looks := int(time.Since(began)/time.Second) + 1
	if len(told.pushes) != messages || trips > messages*each+looks {
		t.Errorf("%d pushes and %d round trips, want %d and at most %d", len(told.pushes), trips, messages, messages*each+looks)
	}
}

// telling is a processor that tells one dashboard of changes.
func (c *counted) telling(told pipeline.PushQueue) edge.QueueHandler {
	c.t.Helper()
	opened, err := store.Open(c.tap.URL(), store.Options{MaxConns: 1})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(opened.Close)
	conn, err := pgx.Connect(c.t.Context(), c.tap.URL())
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(c.t.Context(), `WITH a AS (
		INSERT INTO agents (id, subject, name, role) VALUES (gen_random_uuid(), 'ada', 'Ada', 'agent') RETURNING id
	) INSERT INTO connections (id, agent_id) SELECT 'a', id FROM a`); err != nil {
		c.t.Fatal(err)
	}
	sender := queue.NewSender(c, app.Queues{Live: "live", Bulk: "bulk"}.URLs(), nil)
	log := slog.New(slog.DiscardHandler)
	return app.Parts{
		Store: opened, Queue: sender, Outbox: queue.NewOutbox(sender, nil, time.Now), Delayer: edge.QueueDelay{}, Secrets: c,
		Meter: metrics.NewEmitter("test", io.Discard, time.Now), Log: log, Pusher: app.NewPusher(opened, told, log),
	}.Processor()
}
