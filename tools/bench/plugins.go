package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// plugins measures the pure functions of every channel, over one webhook of each kind that its simulator makes.
func (b *bench) plugins(context.Context) ([]table, error) {
	length := "50ms"
	if b.quick {
		length = "10ms"
	}
	if err := flag.Set("test.benchtime", length); err != nil {
		return nil, err
	}
	t := table{title: fmt.Sprintf("Plugins: mean over one webhook of each kind of event, the fastest of %d tries", tries), columns: []string{"ns/op", "B/op", "allocs/op", "body bytes"}}
	for _, name := range simulate.Channels() {
		b.say("  %s", name)
		s, err := newSample(name)
		if err != nil {
			return nil, err
		}
		rows, err := s.measure()
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", name, err)
		}
		t.rows = append(t.rows, rows...)
	}
	return []table{t}, nil
}

// sample is a channel with webhooks and events of all kinds.
type sample struct {
	name     string
	channel  channels.Channel
	requests []*channels.Request
	events   []channels.Event
	bytes    int // mean size of a body
}

func newSample(name string) (*sample, error) {
	all, err := secretsOf{}.Secrets(context.Background(), name)
	if err != nil {
		return nil, err
	}
	secrets := all[channels.DefaultAccount]
	channel, err := channels.Open(name, channels.Env{Account: channels.DefaultAccount, Secrets: secrets})
	if err != nil {
		return nil, err
	}
	s := &sample{name: name, channel: channel}
	platform, _ := simulate.Lookup(name)
	var earlier []string
	for serial, kind := range append([]string{text}, platform.Kinds()...) { // a message first: others are about one
		event, err := platform.Event(kind, simulate.Scene{
			Rand: rand.New(rand.NewPCG(1, uint64(serial))), At: time.Unix(1_790_000_000, 0), Account: accountNumber,
			Customer: simulate.Customer{Number: 3, Name: "Customer 3"}, Serial: serial, Run: "bench", Earlier: earlier,
		})
		if err != nil {
			return nil, err
		}
		if serial == 0 {
			earlier = []string{event.Expect[0].ID}
		}
		if err := s.add(platform, event, secrets); err != nil {
			return nil, fmt.Errorf("channel %s, kind %q: %w", name, kind, err)
		}
	}
	s.bytes /= len(s.requests)
	return s, nil
}

func (s *sample) add(platform simulate.Platform, event simulate.Event, secrets channels.Secrets) error {
	w := platform.Webhooks([]simulate.Event{event})[0]
	platform.Sign(&w, secrets)
	request := &channels.Request{Header: w.Header, Body: w.Body}
	events, err := s.channel.Parse(request)
	s.requests, s.events, s.bytes = append(s.requests, request), append(s.events, events...), s.bytes+len(w.Body)
	return err
}

func (s *sample) measure() ([]row, error) {
	var failure error
	note := func(err error) { failure = errors.Join(failure, err) }
	functions := []struct {
		name string
		call func(i int)
	}{
		{"Verify", func(i int) { note(s.channel.Verify(s.requests[i%len(s.requests)])) }},
		{"Parse", func(i int) { _, err := s.channel.Parse(s.requests[i%len(s.requests)]); note(err) }},
		{"Normalize", func(i int) { _, err := s.channel.Normalize(s.events[i%len(s.events)]); note(err) }},
	}
	rows := make([]row, len(functions))
	for n, function := range functions {
		rows[n] = measured(s.name+" "+function.name, function.call)
		rows[n].figures = append(rows[n].figures, float64(s.bytes))
	}
	return rows, failure
}

// tries is how often a function is measured; the fastest try counts, as what disturbs a try only ever makes it slower.
const tries = 5

// measured calls a function again and again; its figures are nanoseconds, bytes and allocations of one call.
func measured(name string, call func(i int)) row {
	fastest := row{name: name}
	for range tries {
		result := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				call(i)
			}
		})
		nanoseconds := float64(result.T.Nanoseconds()) / float64(result.N)
		if fastest.figures == nil || nanoseconds < fastest.figures[0] {
			fastest.figures = []float64{nanoseconds, float64(result.AllocedBytesPerOp()), float64(result.AllocsPerOp())}
		}
	}
	return fastest
}
