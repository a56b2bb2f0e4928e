package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// sendAccounts is over how many WhatsApp numbers the conversations are spread: the sender keeps to what the platform takes from one.
const sendAccounts = 100

// sends measures answers on their way to a simulated WhatsApp: composed, delivered by the sender, recorded by the processor. Queues are in memory, so
// what is left is the product, PostgreSQL and one HTTP request.
func (b *bench) sends(ctx context.Context) ([]table, error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, "sends")
	if err != nil {
		return nil, err
	}
	platform := startPlatform()
	defer platform.Close()
	t := table{
		title:   "Sends: answers to known customers through a simulated WhatsApp, one in each conversation",
		columns: []string{"a second", "until the platform has it, ms", "until we know, ms", "of it at the platform, ms"},
	}
	for _, callers := range concurrency {
		row, err := b.sendsWith(ctx, database, platform, callers)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, row)
	}
	return []table{t}, nil
}

// platform is a simulated WhatsApp that keeps to no limits.
type platform struct {
	*httptest.Server
	simulate.Inspector
}

func startPlatform() *platform {
	simulated, _ := simulate.Lookup(chat)
	accounts, _ := secretsOf{}.Secrets(context.Background(), chat)
	handler := simulated.(simulate.API).API(accounts, http.DefaultClient)
	p := &platform{Server: httptest.NewServer(handler), Inspector: handler.(simulate.Inspector)}
	p.LiftLimits()
	return p
}

func (b *bench) sendsWith(ctx context.Context, database string, p *platform, callers int) (row, error) {
	opened, err := store.Open(database, store.Options{MaxConns: callers})
	if err != nil {
		return row{}, err
	}
	defer opened.Close()
	conversations, err := meetInMany(ctx, database, opened)
	if err != nil {
		return row{}, err
	}
	offices := make(chan *office, callers)
	for range callers {
		offices <- newOffice(opened, p)
	}
	work := func(i int) error {
		o := <-offices
		defer func() { offices <- o }()
		return o.answer(ctx, conversations[i])
	}
	if _, err := inParallel(callers, len(conversations), work); err != nil { // connections, statements, plans
		return row{}, err
	}
	if err := analyze(ctx, database); err != nil {
		return row{}, err
	}
	before := len(p.Deliveries())
	for range callers {
		o := <-offices
		o.clocks = clocks{}
		offices <- o
	}
	rates, total := make([]float64, 0, b.rounds().count), clocks{}
	for range b.rounds().count {
		took, err := inParallel(callers, len(conversations), work)
		if err != nil {
			return row{}, err
		}
		rates = append(rates, float64(len(conversations))/took.Seconds())
	}
	if got, want := len(p.Deliveries())-before, len(conversations)*b.rounds().count; got != want {
		return row{}, fmt.Errorf("the platform counted %d messages, not %d", got, want)
	}
	close(offices)
	for o := range offices {
		total.add(o.clocks)
	}
	return row{name: "answers, " + people(callers), figures: []float64{
		median(rates), milliseconds(total.reached), milliseconds(total.known), milliseconds(total.platform),
	}}, nil
}

func milliseconds(all []time.Duration) float64 {
	figures := make([]float64, len(all))
	for i, d := range all {
		figures[i] = inMilliseconds(d)
	}
	return median(figures)
}

// meetInMany makes every customer write once, each to one of many accounts, and returns the conversations.
func meetInMany(ctx context.Context, database string, opened *store.Store) ([]uuid.UUID, error) {
	if n, err := count(ctx, database, `SELECT count(*) FROM conversations`); err != nil || n > 0 {
		return conversationsOf(ctx, database, err)
	}
	t, err := newTraffic()
	if err != nil {
		return nil, err
	}
	t.accounts = sendAccounts
	kept := &taker{keeps: true}
	parts, troubles := parts(opened, kept, app.Queues{Live: "live"}.URLs())
	webhook, processor := parts.Webhook(), parts.Processor()
	request, err := t.webhook(customers)
	if err != nil {
		return nil, err
	}
	if err := deliver(ctx, webhook, request); err != nil {
		return nil, err
	}
	for _, batch := range batches(kept.taken()) {
		if err := process(ctx, processor, batch); err != nil {
			return nil, err
		}
	}
	return conversationsOf(ctx, database, troubles.err())
}

func conversationsOf(ctx context.Context, database string, err error) ([]uuid.UUID, error) {
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `SELECT id FROM conversations`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// office is what one caller answers with.
type office struct {
	answers   *pipeline.Answers
	queued    *taker
	sender    edge.QueueHandler
	processor edge.QueueHandler
	calls     *stopwatch
	clocks    clocks
	serial    int
}

// clocks are how long the parts of answers took.
type clocks struct{ reached, known, platform []time.Duration }

func (c *clocks) add(other clocks) {
	c.reached = append(c.reached, other.reached...)
	c.known = append(c.known, other.known...)
	c.platform = append(c.platform, other.platform...)
}

func newOffice(opened *store.Store, p *platform) *office {
	queued := &taker{keeps: true}
	parts, _ := parts(opened, queued, app.Queues{Live: "live", Outbound: "outbound-{channel}"}.URLs())
	sender := queue.NewSender(queued, app.Queues{Live: "live"}.URLs(), nil)
	parts.Outbox = queue.NewOutbox(parts.Queue.(*queue.Sender), nil, time.Now)
	server, _ := url.Parse(p.URL) // httptest's own
	calls := &stopwatch{next: simulate.Redirect(http.DefaultClient, server)}
	return &office{
		answers: parts.Answers(), queued: queued, processor: parts.Processor(), calls: calls,
		sender: app.OutsideParts{Secrets: parts.Secrets, HTTP: calls, Queue: sender, Delayer: edge.QueueDelay{}, Log: parts.Log, Senders: 1}.Sender(),
	}
}

// stopwatch takes the time of the one request that is under way.
type stopwatch struct {
	next  channels.Doer
	mu    sync.Mutex
	began time.Time
	took  time.Duration
}

// Do implements [channels.Doer].
func (s *stopwatch) Do(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began = time.Now()
	answer, err := s.next.Do(r)
	s.took = time.Since(s.began)
	return answer, err
}

// answer takes one answer all the way.
func (o *office) answer(ctx context.Context, conversation uuid.UUID) error {
	o.serial++
	began := time.Now()
	_, err := o.answers.Compose(ctx, inbox.Draft{
		Conversation: conversation, Key: uuid.NewString(), Author: "bench", Content: channels.Content{Text: "Answer " + strconv.Itoa(o.serial)},
	})
	if err != nil {
		return err
	}
	for _, function := range []edge.QueueHandler{o.sender, o.processor} {
		bodies, groups := o.queued.taken()
		if len(bodies) != 1 {
			return fmt.Errorf("%d jobs are queued for one answer", len(bodies))
		}
		if err := process(ctx, function, batches(bodies, groups)[0]); err != nil {
			return err
		}
	}
	if bodies, _ := o.queued.taken(); len(bodies) > 0 {
		return errors.New("an answer was not taken at once")
	}
	o.clocks.add(clocks{
		reached: []time.Duration{o.calls.began.Sub(began)}, known: []time.Duration{time.Since(began)}, platform: []time.Duration{o.calls.took},
	})
	return nil
}
