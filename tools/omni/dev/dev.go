// Package dev runs the whole product on this machine: the functions that AWS Lambda runs elsewhere, an HTTP server in the place of API
// Gateway, an SQS of our own and a PostgreSQL of our own. Everything that it keeps is in the state folder.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/localpg"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
	"omni/internal/store"
	"omni/tools/omni/state"
)

// Options say how the local server runs.
type Options struct {
	State       state.Folder
	Address     string // host and port of the HTTP server
	DatabaseURL string // empty: a PostgreSQL of our own
	Pollers     int    // batches of queue messages that are processed at once
	FaultFile   string // what goes wrong around the functions, for crash tests; see faults. Empty: nothing
	Platforms   Platforms
	PublicURL   string // under which platforms reach the server from the internet; empty: they do not
	Dashboard   Dashboard
	TokenTime   time.Duration // how long who signs in has until their token is renewed; 0: as in the deployment
	Out         io.Writer
	Log         *slog.Logger
}

// database is the name of the database in our own PostgreSQL.
const database = "omni"

// storeConns is how many connections the functions share; in the deployment each instance has its own few.
const storeConns = 10

// retentionDays is how long the logs are kept; the deployment's default.
const retentionDays = 90

// countEvery is how often a line says what happened.
const countEvery = 2 * time.Second

// Run runs the server until the context ends, and stops everything again: first what comes in, then what is under way, last the stores.
func Run(ctx context.Context, o Options) (err error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var s stack
	defer func() { err = errors.Join(err, s.close()) }()
	dashboard := o.Dashboard.opening(ctx, o.Out, &s)
	if err := start(ctx, o, &s, dashboard, fail); err != nil {
		return err
	}
	s.complete = true
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	fmt.Fprintln(o.Out, "\nStopping: finishing what is under way.")
	return nil
}

// start starts everything, puts onto the stack how to stop it, and greets. fail is called should the server end by itself.
func start(ctx context.Context, o Options, s *stack, dashboard <-chan opened, fail func(error)) error {
	release, err := o.State.Claim()
	if err != nil {
		return err
	}
	s.push(release)
	listener, err := listen(o.Address)
	if err != nil {
		return err
	}
	s.push(func() error { return ignoreClosed(listener.Close()) })
	if err := makeSecrets(ctx, o); err != nil {
		return err
	}
	base, err := startStores(ctx, o, s)
	if err != nil {
		return err
	}
	return startFunctions(ctx, o, s, base, listener, dashboard, fail)
}

// stores are what keeps things, and the parts that functions are made of over them.
type stores struct {
	database string // URL
	queues   *queues
	jobs     *queue.Sender
	parts    app.Parts
	trouble  *faults
}

// startStores starts the database and the queues.
func startStores(ctx context.Context, o Options, s *stack) (base stores, err error) {
	if base.database, err = startDatabase(ctx, o, s); err != nil {
		return base, err
	}
	base.trouble = &faults{path: o.FaultFile, log: o.Log}
	q, err := startQueues(ctx, base.trouble.in(localsqs.Options{Journal: o.State.Path("queues.journal"), Log: o.Log}))
	if err != nil {
		return base, err
	}
	s.push(q.server.Close)
	inbox, err := store.Open(base.database, store.Options{MaxConns: storeConns})
	if err != nil {
		return base, err
	}
	s.push(func() error { inbox.Close(); return nil })
	counts := newMeter(o.Out)
	s.push(counts.start(countEvery))
	blobs, now := base.trouble.blobs(blob.NewFolder(o.State.Path("blobs"))), base.trouble.clock()
	jobs, timer := queue.NewSender(q.client, q.urls(), blobs), queue.NewTimer(q.client, q.timer.url, nil, now)
	outbox, pusher := queue.NewOutbox(jobs, timer, now), app.NewPusher(inbox, jobs, o.Log)
	pusher.Now = now
	base.queues, base.jobs = q, jobs
	base.parts = app.Parts{
		Store: inbox, Queue: jobs, Outbox: outbox, Errands: jobs, Orders: jobs, Fetches: outbox, Posts: outbox, Timer: timer, Blobs: blobs,
		Pusher: pusher, WebSocketURL: socketPath, Now: now,
		Delayer:       queue.NewDelayer(q.client, q.live.url, q.bulk.url, q.dead.url, q.deadTimer.url),
		RetentionDays: retentionDays, Local: true, Secrets: app.SecretsFile(o.State.Secrets()), Meter: counts, Log: o.Log,
	}
	return base, nil
}

// startFunctions starts the platforms, the functions and their front, and says where they are.
func startFunctions(ctx context.Context, o Options, s *stack, base stores, listener net.Listener, dashboard <-chan opened, fail func(error)) error {
	q, parts, jobs := base.queues, base.parts, base.jobs
	running := state.Dev{
		PID: os.Getpid(), URL: "http://" + listener.Addr().String(), DatabaseURL: base.database, QueueURL: q.live.url, BulkQueueURL: q.bulk.url,
		OutboundQueueURL: q.targets().Outbound, MediaQueueURL: q.media.url,
	}
	world, err := o.Platforms.open(ctx, o, running.URL, s)
	if err != nil {
		return err
	}
	running.PlatformsURL = world.url
	shop, err := listenDemo(listener.Addr())
	if err != nil {
		return err
	}
	s.push(func() error { return ignoreClosed(shop.Close()) })
	running.DemoURL = "http://" + shop.Addr().String()
	parts.Secrets = hosting{parts.Secrets, demoOrigins(shop.Addr())}
	files := openFiles(o, listener.Addr())
	parts.FileStore = files
	gateway, err := o.gateway(parts, files)
	if err != nil {
		return err
	}
	page, closePage, err := world.page(ctx, running.URL)
	if err != nil {
		return err
	}
	sockets, connections, err := startSockets(parts, base.trouble, s)
	if err != nil {
		return errors.Join(err, closePage())
	}
	outside := world.outside(jobs, base.trouble.files(files), parts)
	s.push(startSources(o, q, parts, outside.Sender(), outside.Media(), pusher(q, parts, connections)))
	s.push(startSweeper(o.Log, parts))
	gateway.sockets, gateway.simulator = sockets, page
	pages := <-dashboard
	if pages.site != nil {
		gateway.dashboard, gateway.widget = pages.site, pages.site.Folder("widget")
	}
	s.push(demo{listener: shop, endpoint: browserURL(running.URL), pages: pages.site}.start(o.Log))
	s.push(startFront(o, listener, gateway, fail))
	s.push(closePage) // first, because requests of the page wait for news
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := o.State.Announce(running); err != nil {
		return err
	}
	greet(o.Out, running, pages.err)
	return nil
}

func makeSecrets(ctx context.Context, o Options) error {
	added, err := EnsureSecrets(ctx, o.State.Secrets(), channels.Specs())
	if len(added) > 0 {
		fmt.Fprintf(o.Out, "Made secrets for testing in %s: %s.\n", o.State.Secrets(), strings.Join(added, ", "))
	}
	return err
}

// listen opens the server's port, or says what to do when it is taken.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop that, or choose another address, for example --listen 127.0.0.1:8081", address)
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return listener, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// startDatabase returns the connection string of a database with today's schema.
func startDatabase(ctx context.Context, o Options, s *stack) (string, error) {
	url := o.DatabaseURL
	if url == "" {
		server, err := localpg.Start(ctx, localpg.Options{Dir: o.State.Path("postgres"), Fsync: true, Install: true, Log: o.Out})
		if err != nil {
			return "", err
		}
		s.push(func() error { return s.stopDatabase(server) })
		if err := server.EnsureDatabase(ctx, database); err != nil {
			return "", err
		}
		url = server.URL(database)
	}
	applied, err := store.Migrate(ctx, url)
	if err != nil {
		return "", err
	}
	if len(applied) > 0 {
		fmt.Fprintf(o.Out, "Brought the database's schema up to version %d.\n", applied[len(applied)-1].Version)
	}
	return url, nil
}

// startSources processes what is on the queues until it is stopped. Messages have most of the pollers: receipts and history can wait.
func startSources(o Options, q *queues, parts app.Parts, sender, media, pusher edge.QueueHandler) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	processor := parts.Processor()
	mappings := []source{
		{queue: q.live, function: processor, pollers: o.Pollers},
		{queue: q.bulk, function: processor, pollers: max(1, o.Pollers/2)},
		{queue: q.dead, function: parts.DeadLetter(), pollers: 1},
		{queue: q.timer, function: app.Timer(q.client, q.timer.url, q.urls(), parts.Now, o.Log), pollers: 1},
		{queue: q.deadTimer, function: parts.DeadLetter(), pollers: 1},
		{queue: q.deliveries, function: deliverer(q, parts), pollers: deliveryPollers},
		{queue: q.media, function: media, pollers: max(1, o.Pollers/2), batch: 1},
		{queue: q.pushes, function: pusher, pollers: 2},
	}
	for _, outbound := range q.outbound {
		mappings = append(mappings, source{queue: outbound, function: sender, pollers: max(1, o.Pollers/2), batch: 1})
	}
	var running sync.WaitGroup
	for _, mapping := range mappings {
		mapping.api, mapping.region, mapping.log, mapping.rest = q.client, q.server.Region(), o.Log, time.Second
		running.Go(func() { mapping.run(ctx) })
	}
	return func() error {
		cancel()
		running.Wait()
		return nil
	}
}

// deliveryPollers are more than the deliveries that one endpoint can occupy by hanging.
const deliveryPollers = 8

// deliverer posts to any address: a subscriber may well run on this machine.
func deliverer(q *queues, parts app.Parts) edge.QueueHandler {
	return app.OutsideParts{
		Private: true, Queue: queue.NewSender(q.client, q.urls(), nil), Delayer: queue.NewDelayer(q.client, q.deliveries.url), Log: parts.Log,
		Now: parts.Now,
	}.Deliverer()
}

// sweepEvery is how often the local sweeper runs; in the deployment it is once a day.
const sweepEvery = time.Minute

// startSweeper sweeps now and then, also while nothing else happens.
func startSweeper(log *slog.Logger, parts app.Parts) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			if _, err := parts.Sweep(ctx); err != nil && ctx.Err() == nil {
				log.Error("sweeper did not finish", "error", err.Error())
			}
			select {
			case <-ctx.Done():
			case <-time.After(sweepEvery):
			}
		}
	}()
	return func() error {
		cancel()
		<-done
		return nil
	}
}

// startFront answers requests until it is stopped.
func startFront(o Options, listener net.Listener, gateway front, fail func(error)) (stop func() error) {
	server := &http.Server{
		Handler: gateway.handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			fail(fmt.Errorf("taking requests: %w", err))
		}
	}()
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), functionTimeout)
		defer cancel()
		return server.Shutdown(ctx)
	}
}

// stack is what has to be undone, the last first.
type stack struct {
	undo     []func() error
	complete bool // everything was started
}

func (s *stack) push(undo func() error) { s.undo = append(s.undo, undo) }

func (s *stack) close() error {
	var all error
	for i := len(s.undo) - 1; i >= 0; i-- {
		all = errors.Join(all, s.undo[i]())
	}
	return all
}

// stopDatabase stops our PostgreSQL. One that was there already, left by a server that was killed or started by somebody for himself, is
// ours only once everything runs on it: a start that fails leaves things as they were.
func (s *stack) stopDatabase(server *localpg.Server) error {
	if !server.Started() && !s.complete {
		return nil
	}
	return server.Stop()
}
