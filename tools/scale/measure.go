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

// measure lets an operation work on the databases in turns. A round before counts for nothing: it brings into memory what is needed, and lets
// PostgreSQL choose its plans.
func measure(ctx context.Context, o operation, subjects []*subject) ([]measured, error) {
	found := make([]measured, len(subjects))
	times := make([][]time.Duration, len(subjects))
	for round := range rounds + 1 {
		for i, s := range subjects {
			each, result, err := timed(ctx, o, s, round)
			if err != nil {
				return nil, fmt.Errorf("%s, on %d messages: %w", o.name, s.size, err)
			}
			if found[i].result = result; round > 0 {
				times[i] = append(times[i], each)
			}
		}
	}
	for i := range found {
		found[i].each = median(times[i])
	}
	return found, nil
}

// timed is one round of an operation on one database.
func timed(ctx context.Context, o operation, s *subject, round int) (each time.Duration, result int, err error) {
	if o.prepare != nil {
		if err := o.prepare(ctx, s, o.calls); err != nil {
			return 0, 0, err
		}
	}
	runtime.GC() // what came before is not the operation's
	calls := make([]time.Duration, o.calls)
	for i := range calls {
		began := time.Now()
		if result, err = o.run(ctx, s, round*o.calls+i); err != nil {
			return 0, 0, err
		}
		calls[i] = time.Since(began)
	}
	return median(calls), result, nil
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
