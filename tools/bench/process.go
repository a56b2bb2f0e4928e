package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/store"
)

// batchSize is how many jobs one call of the processor gets, as in the deployment.
const batchSize = 10

// maxStored is how many messages one webhook of preparation holds: as many as Meta puts into one at most.
const maxStored = 1000

// process compares the processor with pgbench.
func (b *bench) process(ctx context.Context) ([]table, error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, "process")
	if err != nil {
		return nil, err
	}
	t := table{title: "Process: stored messages of known customers, each turned into its conversation, as a ratio to pgbench", columns: comparedColumns}
	for _, callers := range concurrency {
		row, err := b.processWith(ctx, s, database, callers)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, row)
	}
	t.rows[len(t.rows)-1].goal = dbGoal
	return b.withStatements(ctx, s, "process", t)
}

func (b *bench) processWith(ctx context.Context, s *stage, database string, callers int) (row, error) {
	jobs, err := newJobs(database, callers)
	if err != nil {
		return row{}, err
	}
	defer jobs.store.Close()
	if err := jobs.meetEverybody(ctx); err != nil {
		return row{}, err
	}
	yardstick, err := newProcessScript(ctx, s, jobs.traffic)
	if err != nil {
		return row{}, err
	}
	for _, url := range []string{database, s.theirs} {
		if err := analyze(ctx, url); err != nil {
			return row{}, err
		}
	}
	compared, err := b.compare(ctx, callers, yardstick, jobs)
	if err != nil {
		return row{}, err
	}
	return compared.row("processor, "+people(callers), 0, nil), nil
}

// jobs is the contender that processes stored messages.
type jobs struct {
	traffic   *traffic
	store     *store.Store
	webhook   edge.HTTPHandler
	processor edge.QueueHandler
	queue     *taker
	troubles  *troubles
	ready     []events.SQSEvent
}

func newJobs(database string, conns int) (*jobs, error) {
	traffic, err := newTraffic()
	if err != nil {
		return nil, err
	}
	opened, err := store.Open(database, store.Options{MaxConns: conns})
	if err != nil {
		return nil, err
	}
	queue := &taker{keeps: true}
	p, troubles := parts(opened, queue, app.Queues{Live: "live"}.URLs())
	return &jobs{
		traffic: traffic, store: opened, webhook: p.Webhook(), processor: p.Processor(), queue: queue, troubles: troubles,
	}, nil
}

func (j *jobs) name() string { return "processor" }

// meetEverybody processes one message of each customer, so that all have their contact and conversation.
func (j *jobs) meetEverybody(ctx context.Context) error {
	if err := j.prepare(ctx, customers); err != nil {
		return err
	}
	_, err := j.run(ctx, 1, customers)
	return err
}

// prepare stores n messages and makes of their jobs what Lambda makes of an SQS queue's.
func (j *jobs) prepare(ctx context.Context, n int) error {
	for left := n; left > 0; left -= maxStored {
		webhook, err := j.traffic.webhook(min(left, maxStored))
		if err != nil {
			return err
		}
		if err := deliver(ctx, j.webhook, webhook); err != nil {
			return err
		}
	}
	j.ready = batches(j.queue.taken())
	return nil
}

// batches divides jobs into calls of the processor.
func batches(bodies, groups []string) []events.SQSEvent {
	var all []events.SQSEvent
	for i, body := range bodies {
		if i%batchSize == 0 {
			all = append(all, events.SQSEvent{})
		}
		last := &all[len(all)-1]
		last.Records = append(last.Records, events.SQSMessage{
			MessageId: strconv.Itoa(i), Body: body, Attributes: map[string]string{"MessageGroupId": groups[i], "ApproximateReceiveCount": "1"},
		})
	}
	return all
}

func (j *jobs) run(ctx context.Context, callers, n int) (time.Duration, error) {
	if want := (n + batchSize - 1) / batchSize; len(j.ready) != want {
		return 0, fmt.Errorf("%d jobs are in %d batches, not in %d", n, len(j.ready), want)
	}
	took, err := inParallel(callers, len(j.ready), func(i int) error { return process(ctx, j.processor, j.ready[i]) })
	return took, errors.Join(err, j.troubles.err())
}

// process hands a batch to the processor; a job that is not done is an error. The deadline is Lambda's.
func process(ctx context.Context, function edge.QueueHandler, batch events.SQSEvent) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err := function(ctx, batch)
	if err == nil && len(answer.BatchItemFailures) > 0 {
		err = fmt.Errorf("%d of %d jobs were not done", len(answer.BatchItemFailures), len(batch.Records))
	}
	return err
}
