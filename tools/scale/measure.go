package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// rounds is how often everything is measured. The databases take turns in each.
const rounds = 5

// measured is what an operation took on one database.
type measured struct {
	each   time.Duration // median over the rounds of the median of its calls
	result int           // how many things came of the last call
}

// measure lets an operation work on the databases, which take turns call by call: what else the machine does is the same for all of them, and none has
// the processor's cache to itself. A round before counts for nothing: it brings into memory what is needed, and lets PostgreSQL choose its plans.
func measure(ctx context.Context, o operation, subjects []*subject) ([]measured, error) {
	found := make([]measured, len(subjects))
	times := make([][]time.Duration, len(subjects))
	for round := range rounds + 1 {
		each, err := o.round(ctx, subjects, round, found)
		if err != nil {
			return nil, err
		}
		if round == 0 {
			continue
		}
		for i, took := range each {
			times[i] = append(times[i], took)
		}
	}
	for i := range found {
		found[i].each = median(times[i])
	}
	return found, nil
}

// round is one round of an operation on all databases: the median of its calls on each. It notes what came of the last.
func (o operation) round(ctx context.Context, subjects []*subject, round int, found []measured) ([]time.Duration, error) {
	if o.prepare != nil {
		for _, s := range subjects {
			if err := o.prepare(ctx, s, o.calls); err != nil {
				return nil, fmt.Errorf("preparing %s, on %d messages: %w", o.name, s.size, err)
			}
		}
	}
	runtime.GC() // what came before is not the operation's
	calls := make([][]time.Duration, len(subjects))
	for call := range o.calls {
		for i, s := range subjects {
			began := time.Now()
			result, err := o.run(ctx, s, round*o.calls+call)
			if err != nil {
				return nil, fmt.Errorf("%s, on %d messages: %w", o.name, s.size, err)
			}
			calls[i], found[i].result = append(calls[i], time.Since(began)), result
		}
	}
	each := make([]time.Duration, len(subjects))
	for i := range calls {
		each[i] = median(calls[i])
	}
	return each, nil
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// report measures the operations and prints a table of them.
func report(ctx context.Context, out, progress io.Writer, subjects []*subject, all []operation) error {
	t := newTable(out, subjects)
	for _, o := range all {
		found, err := measure(ctx, o, subjects)
		if err != nil {
			return err
		}
		fmt.Fprintf(progress, "%s: %v\n", o.name, found)
		t.add(o, found)
	}
	if err := t.flush(); err != nil {
		return err
	}
	if err := retention(ctx, out, subjects); err != nil {
		return err
	}
	return disk(ctx, out, subjects)
}
