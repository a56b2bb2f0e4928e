package main

import (
	"context"
	"runtime"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/edge"
	"omni/internal/queue"
)

// allocations measures what one webhook takes of the function's memory, part by part.
func (b *bench) allocations(ctx context.Context) ([]table, error) {
	back, err := b.backend(ctx, "allocations")
	if err != nil {
		return nil, err
	}
	defer back.queue.Close()
	t := table{title: "Allocations: of a webhook of one message", columns: []string{"allocs", "B"}}
	add := func(name string, traffic *traffic, function edge.HTTPHandler) error {
		row, err := allocated(ctx, name, traffic, function)
		t.rows = append(t.rows, row)
		return err
	}
	for _, kind := range []struct {
		name string
		api  queue.SendAPI
	}{{"handler and PostgreSQL", &taker{}}, {"with SQS on this machine as well", back.queue.client}} {
		w, err := newWebhooks(kind.name, back.database, 1, kind.api, back.queue.url)
		if err != nil {
			return nil, err
		}
		defer w.close()
		if len(t.rows) == 0 {
			if err := add("handler alone", w.traffic, webhookOn(nothing{}, &taker{})); err != nil {
				return nil, err
			}
		}
		if err := add(kind.name, w.traffic, w.function); err != nil {
			return nil, err
		}
	}
	return []table{t}, nil
}

// Webhooks that warm up, and those that count.
const warmUps, counted = 50, 500

func allocated(ctx context.Context, name string, t *traffic, function edge.HTTPHandler) (row, error) {
	all, err := t.webhooks(warmUps + counted)
	if err != nil {
		return row{}, err
	}
	if err := deliverAll(ctx, function, all[:warmUps]); err != nil {
		return row{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = deliverAll(ctx, function, all[warmUps:])
	runtime.ReadMemStats(&after)
	return row{name: name, figures: []float64{
		float64((after.Mallocs - before.Mallocs) / counted), float64((after.TotalAlloc - before.TotalAlloc) / counted),
	}}, err
}

func deliverAll(ctx context.Context, function edge.HTTPHandler, all []events.APIGatewayV2HTTPRequest) error {
	for _, webhook := range all {
		if err := deliver(ctx, function, webhook); err != nil {
			return err
		}
	}
	return nil
}
