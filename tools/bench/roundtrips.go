package main

import (
	"context"
	"errors"
	"fmt"

	"omni/channels/simulate"
	"omni/internal/localpg/wiretap"
)

// roundTrips counts how often the functions wait for PostgreSQL and call SQS, on the wire.
func (b *bench) roundTrips(ctx context.Context) (tables []table, err error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, "roundtrips")
	if err != nil {
		return nil, err
	}
	tap, err := wiretap.Start(database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tap.Close()) }()
	jobs, err := newJobs(tap.URL(), 1)
	if err != nil {
		return nil, err
	}
	defer jobs.store.Close()
	c := counter{tap: tap, jobs: jobs}
	if err := errors.Join(jobs.meetEverybody(ctx), c.warmUp(ctx)); err != nil {
		return nil, err
	}
	process, err := c.process(ctx)
	if err != nil {
		return nil, err
	}
	ingest, err := c.ingest(ctx)
	return []table{ingest, process}, errors.Join(err, jobs.troubles.err())
}

// counter counts what the functions send while they work through a tap, one piece of work after the other on one connection.
type counter struct {
	tap  *wiretap.Tap
	jobs *jobs
}

// kindsOfRows are those whose processing is counted: they take different ways through the store.
var kindsOfRows = []string{text, "image", "reaction", "status_delivered"}

// warmUp makes the connection prepare every statement that is counted later.
func (c counter) warmUp(ctx context.Context) error {
	_, err := c.process(ctx)
	return err
}

func (c counter) ingest(ctx context.Context) (table, error) {
	t := table{title: "Round trips of one webhook", columns: []string{"to PostgreSQL", "calls of SQS"}}
	for _, messages := range []int{1, 10, 1000} {
		webhook, err := c.jobs.traffic.webhook(messages)
		if err != nil {
			return t, err
		}
		calls, trips := c.jobs.queue.calls, c.tap.RoundTrips()
		if err := deliver(ctx, c.jobs.webhook, webhook); err != nil {
			return t, err
		}
		t.rows = append(t.rows, row{
			name: fmt.Sprintf("messages, each of another person: %d", messages), goal: exactly(1),
			figures: []float64{float64(c.tap.RoundTrips() - trips), float64(c.jobs.queue.calls - calls)},
		})
	}
	return t, nil
}

func (c counter) process(ctx context.Context) (table, error) {
	t := table{title: "Round trips to PostgreSQL of one row that is processed, with those of its job", columns: []string{"round trips"}}
	var earlier []string
	for _, kind := range kindsOfRows {
		event, err := c.jobs.traffic.event(0, kind, earlier...) // all by one customer: an event is about a message of its own chat
		if err != nil {
			return t, err
		}
		if len(earlier) == 0 {
			earlier = []string{event.Expect[0].ID}
		}
		trips, err := c.row(ctx, event)
		if err != nil {
			return t, fmt.Errorf("kind %q: %w", kind, err)
		}
		t.rows = append(t.rows, row{name: kind, figures: []float64{float64(trips)}})
	}
	return t, nil
}

// row takes one event through both functions and counts the round trips of the processor.
func (c counter) row(ctx context.Context, event simulate.Event) (int, error) {
	if err := deliver(ctx, c.jobs.webhook, c.jobs.traffic.signed(event)); err != nil {
		return 0, err
	}
	before := c.tap.RoundTrips()
	for _, batch := range batches(c.jobs.queue.taken()) {
		if err := process(ctx, c.jobs.processor, batch); err != nil {
			return 0, err
		}
	}
	return c.tap.RoundTrips() - before, nil
}
