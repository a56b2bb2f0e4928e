package main

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/queue"
	"omni/internal/store"
)

// concurrency is how many callers there are at once: one, as in an instance of a Lambda function, and as many as keep this machine busy.
var concurrency = []int{1, 8}

// dbGoal is the goal of what is stored and processed at the greatest concurrency, as a ratio to pgbench.
const dbGoal = atLeast(0.7)

// ingest compares the webhook function with pgbench.
func (b *bench) ingest(ctx context.Context) ([]table, error) {
	back, err := b.backend(ctx, "ingest")
	if err != nil {
		return nil, err
	}
	defer back.queue.Close()
	t := table{title: "Ingest: webhooks of one message, each stored with its event and its job, as a ratio to pgbench", columns: comparedColumns}
	for _, callers := range concurrency {
		rows, err := b.ingestWith(ctx, back, callers)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, rows...)
	}
	return b.withStatements(ctx, back.stage, "ingest", t)
}

func (b *bench) ingestWith(ctx context.Context, back *backend, callers int) ([]row, error) {
	whole, err := newWebhooks("with SQS on this machine as well", back.database, callers, back.queue.client, back.queue.url)
	if err != nil {
		return nil, err
	}
	defer whole.close()
	stored, err := newWebhooks("handler and PostgreSQL", back.database, callers, &taker{}, back.queue.url)
	if err != nil {
		return nil, err
	}
	defer stored.close()
	yardstick, err := newIngestScript(ctx, back.stage, stored.traffic)
	if err != nil {
		return nil, err
	}
	others := []contender{stored, whole}
	if b.mem {
		others = append(others, &webhooks{
			label: "handler alone", traffic: stored.traffic, function: webhookOn(nothing{}, &taker{}), troubles: &troubles{},
		})
	}
	compared, err := b.compare(ctx, callers, yardstick, others...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(others))
	for i, one := range others {
		rows[i] = compared.row(one.name()+", "+people(callers), i, nil)
	}
	if callers == concurrency[len(concurrency)-1] {
		rows[0].goal = dbGoal
	}
	return rows, nil
}

// webhooks is the contender that takes webhooks in.
type webhooks struct {
	label    string
	traffic  *traffic
	function edge.HTTPHandler
	store    *store.Store
	troubles *troubles
	ready    []events.APIGatewayV2HTTPRequest
}

func newWebhooks(label, database string, conns int, api queue.SendAPI, url string) (*webhooks, error) {
	traffic, err := newTraffic()
	if err != nil {
		return nil, err
	}
	opened, err := store.Open(database, store.Options{MaxConns: conns})
	if err != nil {
		return nil, err
	}
	p, troubles := parts(opened, api, app.Queues{Live: url}.URLs())
	return &webhooks{label: label, traffic: traffic, function: p.Webhook(), store: opened, troubles: troubles}, nil
}

func (w *webhooks) name() string { return w.label }

func (w *webhooks) prepare(_ context.Context, n int) (err error) {
	w.ready, err = w.traffic.webhooks(n)
	return err
}

func (w *webhooks) run(ctx context.Context, callers, n int) (time.Duration, error) {
	took, err := inParallel(callers, n, func(i int) error { return deliver(ctx, w.function, w.ready[i]) })
	return took, errors.Join(err, w.troubles.err())
}

func (w *webhooks) close() { w.store.Close() }
