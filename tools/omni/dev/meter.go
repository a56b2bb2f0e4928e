package dev

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// meter counts for people: it adds up what happens and now and then writes one line for each channel with something new.
type meter struct {
	out io.Writer

	mu     sync.Mutex
	counts map[string]map[string]int // by channel
}

func newMeter(out io.Writer) *meter { return &meter{out: out, counts: map[string]map[string]int{}} }

// Count implements pipeline.Meter.
func (m *meter) Count(channel string, counts map[string]int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, n := range counts {
		if n == 0 {
			continue
		}
		if m.counts[channel] == nil {
			m.counts[channel] = map[string]int{}
		}
		m.counts[channel][name] += n
	}
}

// CountAged implements pipeline.Meter. Ages are for alarms; people see the counts move.
func (m *meter) CountAged(channel string, counts map[string]int, _ string, _ time.Duration) {
	m.Count(channel, counts)
}

// start writes a line at most every so often, until it is stopped.
func (m *meter) start(every time.Duration) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(every):
			}
			m.flush()
		}
	}()
	return func() error {
		cancel()
		<-done
		return nil
	}
}

func (m *meter) flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, channel := range slices.Sorted(maps.Keys(m.counts)) {
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(m.counts[channel])) {
			fields = append(fields, fmt.Sprintf("%s %d", name, m.counts[channel][name]))
		}
		fmt.Fprintf(m.out, "%s  %-10s %s\n", time.Now().Format(time.TimeOnly), channel, strings.Join(fields, ", "))
	}
	clear(m.counts)
}
