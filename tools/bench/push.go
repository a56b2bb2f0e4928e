package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/tools/omni/dev"
	"omni/tools/omni/state"
)

// How many dashboards are open.
var audiences = []int{100, 1000}

// pushPause lets what one message caused come to its end before the next.
const pushPause = 300 * time.Millisecond

// pushes measures how soon open dashboards hear of a message: the whole product in this process, as `omni dev` runs it, with sockets that are opened and
// read as browsers do.
func (b *bench) pushes(ctx context.Context) (tables []table, err error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, "pushes")
	if err != nil {
		return nil, err
	}
	h, err := openHouse(ctx, state.Folder(filepath.Join(s.folder, "pushes")), database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	t := table{
		title:   "Pushes: from the answer to a webhook until a frame is on the sockets of all open dashboards",
		columns: []string{"last, median, ms", "last, 99 %, ms", "half of them, ms", "first, ms"},
	}
	for _, audience := range audiences {
		b.say("  %d open sockets", audience)
		row, err := h.measure(ctx, audience, map[bool]int{true: 10, false: 100}[b.quick])
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, row)
	}
	return []table{t}, nil
}

// house is a running product, with dashboards that look into it.
type house struct {
	traffic *traffic
	store   *store.Store
	url     string
	agent   uuid.UUID
	frames  chan int // numbers of sockets on which a frame arrived
	open    []*websocket.Conn
	close   func() error
}

func openHouse(ctx context.Context, folder state.Folder, database string) (*house, error) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- dev.Run(ctx, dev.Options{
			State: folder, Address: "127.0.0.1:0", DatabaseURL: database, Pollers: 4, Out: io.Discard, Log: slog.New(slog.DiscardHandler),
		})
	}()
	running, err := announced(folder, done)
	if err != nil {
		cancel()
		return nil, err
	}
	h := &house{url: running.URL, frames: make(chan int, 1<<20), close: func() error {
		cancel()
		return <-done
	}}
	if err := h.furnish(ctx, folder, database); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// announced waits until the server runs.
func announced(folder state.Folder, done <-chan error) (state.Dev, error) {
	for {
		if running, err := folder.Running(); err == nil {
			return running, nil
		}
		select {
		case err := <-done:
			return state.Dev{}, fmt.Errorf("the server ended while starting: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// furnish makes an agent, and customers with the server's secrets.
func (h *house) furnish(ctx context.Context, folder state.Folder, database string) error {
	var err error
	if h.traffic, err = newTraffic(); err != nil {
		return err
	}
	secrets, err := app.SecretsFile(folder.Secrets()).Secrets(ctx, chat)
	if err != nil {
		return err
	}
	for _, h.traffic.secrets = range secrets {
		break // whichever account
	}
	if h.store, err = store.Open(database, store.Options{}); err != nil {
		return err
	}
	stop := h.close
	h.close = func() error {
		for _, conn := range h.open {
			_ = conn.CloseNow() // the server may have been faster
		}
		h.store.Close()
		return stop()
	}
	agent, err := h.store.SeeAgent(ctx, inbox.Agent{Subject: "bench", Name: "Bench", Role: inbox.RoleAgent})
	h.agent = agent.ID
	return err
}

// measure lets customers write one after the other before an audience of so many sockets.
func (h *house) measure(ctx context.Context, audience, rounds int) (row, error) {
	if err := h.invite(ctx, audience); err != nil {
		return row{}, err
	}
	var first, half, last []float64
	for round := range rounds + 2 {
		took, err := h.round(ctx)
		if err != nil {
			return row{}, err
		}
		if round < 2 { // connections, statements, plans; and some sockets may not have been known yet
			continue
		}
		first, half, last = append(first, took[0]), append(half, took[len(took)/2]), append(last, took[len(took)-1])
	}
	return row{name: fmt.Sprintf("%d sockets", audience), figures: []float64{median(last), quantile(last, 0.99), median(half), median(first)}}, nil
}

// invite opens sockets until there are so many.
func (h *house) invite(ctx context.Context, audience int) error {
	var opening errgroup.Group
	opening.SetLimit(16)
	added := make(chan *websocket.Conn, audience)
	for range audience - len(h.open) {
		opening.Go(func() error {
			conn, err := h.socket(ctx)
			if err == nil {
				added <- conn
			}
			return err
		})
	}
	if err := opening.Wait(); err != nil {
		return err
	}
	close(added)
	for conn := range added {
		number := len(h.open)
		h.open = append(h.open, conn)
		go h.read(ctx, number, conn)
	}
	time.Sleep(1100 * time.Millisecond) // until nobody relies on a list without them
	return nil
}

func (h *house) socket(ctx context.Context) (*websocket.Conn, error) {
	ticket := inbox.NewTicket()
	if err := h.store.AddTicket(ctx, inbox.TicketHash(ticket), inbox.TicketHolder{Agent: h.agent}, time.Now().Add(inbox.TicketLife)); err != nil {
		return nil, err
	}
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.url, "http")+"/ws?ticket="+ticket, nil) //nolint:bodyclose // it is the socket's
	return conn, err
}

// read notes frames until the socket is closed.
func (h *house) read(ctx context.Context, number int, conn *websocket.Conn) {
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return
		}
		h.frames <- number
	}
}

// round lets one customer write, and returns how long it took until the frame was on each socket, in milliseconds, the shortest first.
func (h *house) round(ctx context.Context) ([]float64, error) {
	if err := h.write(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	heard := map[int]bool{}
	var took []float64
	deadline := time.After(10 * time.Second)
	for len(took) < len(h.open) {
		select {
		case number := <-h.frames:
			if !heard[number] {
				heard[number] = true
				took = append(took, float64(time.Since(began).Microseconds())/1000)
			}
		case <-deadline:
			return nil, fmt.Errorf("after 10 seconds %d of %d sockets have heard nothing", len(h.open)-len(took), len(h.open))
		}
	}
	time.Sleep(pushPause)
	for len(h.frames) > 0 {
		<-h.frames
	}
	slices.Sort(took)
	return took, nil
}

// write is a message of a customer, which is stored and queued when it returns.
func (h *house) write(ctx context.Context) error {
	webhook, err := h.traffic.webhook(1)
	if err != nil {
		return err
	}
	return h.post(ctx, webhook)
}

// post sends a webhook as a platform does.
func (h *house) post(ctx context.Context, webhook events.APIGatewayV2HTTPRequest) error {
	_, path, _ := strings.Cut(webhook.RouteKey, " ")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url+path, bytes.NewReader([]byte(webhook.Body)))
	if err != nil {
		return err
	}
	for name, value := range webhook.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("a webhook was answered with %s", response.Status)
	}
	return nil
}

// quantile of at least one figure: the least that so much of them do not exceed.
func quantile(figures []float64, of float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[max(0, int(math.Ceil(of*float64(len(sorted))))-1)]
}
