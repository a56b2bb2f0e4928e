package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// contender does one kind of work, again and again.
type contender interface {
	name() string
	// prepare makes what the next run of n pieces of work needs; it is not timed.
	prepare(ctx context.Context, n int) error
	// run does n pieces of work, as many at once as there are callers, and returns how long that took.
	run(ctx context.Context, callers, n int) (time.Duration, error)
}

// rounds says how long contenders are compared.
type rounds struct {
	count   int
	seconds float64 // that the yardstick takes for one round
}

func (b *bench) rounds() rounds {
	if b.quick {
		return rounds{count: 3, seconds: 0.5}
	}
	return rounds{count: 5, seconds: 1}
}

// piece is what the number of pieces of a round is a multiple of: each caller has the same share, and shares are whole batches.
func piece(callers int) int { return callers * batchSize }

// pilot is how many pieces each caller does before it counts, so that statements are prepared, plans chosen and caches filled.
const pilot = 20 * batchSize

// pace is what one run of a contender came to.
type pace struct {
	rate   float64 // pieces a second
	cpu    float64 // microseconds of this process for one piece; pgbench's own are not in it
	server float64 // microseconds of PostgreSQL's processes for one piece
}

// comparison is what came of comparing contenders to a yardstick, round by round.
type comparison struct {
	yardstick []pace
	others    [][]pace // of each contender
}

// compare lets the yardstick and the contenders do the same number of pieces in turns.
func (b *bench) compare(ctx context.Context, callers int, yardstick contender, others ...contender) (comparison, error) {
	all := append([]contender{yardstick}, others...)
	c := comparison{others: make([][]pace, len(others))}
	n := pilot * callers
	var first float64 // rate of the yardstick
	for i, one := range all {
		pace, err := b.timed(ctx, one, callers, n)
		if err != nil {
			return c, err
		}
		if i == 0 {
			first = pace.rate
		}
	}
	n = max(1, int(first*b.rounds().seconds)/piece(callers)) * piece(callers)
	for round := range b.rounds().count {
		b.say("  %s, round %d of %d: %d pieces each", people(callers), round+1, b.rounds().count, n)
		for i, one := range all {
			pace, err := b.timed(ctx, one, callers, n)
			if err != nil {
				return c, err
			}
			if i == 0 {
				c.yardstick = append(c.yardstick, pace)
			} else {
				c.others[i-1] = append(c.others[i-1], pace)
			}
		}
	}
	return c, nil
}

func people(callers int) string {
	if callers == 1 {
		return "1 caller"
	}
	return strconv.Itoa(callers) + " callers"
}

// maxSpoilt is how many runs of a contender in a row may be spoilt.
const maxSpoilt = 5

// timed runs a contender once, and again if that was spoilt.
func (b *bench) timed(ctx context.Context, one contender, callers, n int) (p pace, err error) {
	for range maxSpoilt {
		if p, err = b.timedOnce(ctx, one, callers, n); !errors.Is(err, errSpoilt) {
			return p, err
		}
		b.say("  %s again: %v", one.name(), err)
	}
	return p, fmt.Errorf("%w, %d times in a row: this machine is too busy to measure on", err, maxSpoilt)
}

// timedOnce runs a contender once. Samples of a CPU profile are labelled, so that what is not timed can be left out:
// go tool pprof -tagfocus=callers=8 FILE.
func (b *bench) timedOnce(ctx context.Context, one contender, callers, n int) (p pace, err error) {
	if err := one.prepare(ctx, n); err != nil {
		return p, fmt.Errorf("preparing %s: %w", one.name(), err)
	}
	runtime.GC() // what preparing left behind is not the contender's
	var took time.Duration
	serverBefore := b.stage.processorTime()
	before := processorTime()
	pprof.Do(ctx, pprof.Labels("contender", one.name(), "callers", strconv.Itoa(callers)), func(ctx context.Context) {
		took, err = one.run(ctx, callers, n)
	})
	if err != nil {
		return p, fmt.Errorf("%s with %s: %w", one.name(), people(callers), err)
	}
	worked, serverWorked := processorTime()-before, b.stage.processorTime()-serverBefore
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(n) }
	return pace{rate: float64(n) / took.Seconds(), cpu: each(worked), server: each(serverWorked)}, nil
}

// processorTime is how long processors have worked for this process.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// comparedColumns are the figures of comparison.row.
var comparedColumns = []string{"ratio", "lowest", "highest", "a second", "pgbench", "CPU µs each", "server's", "for pgbench"}

func (c comparison) row(name string, contender int, goal goal) row {
	var ratios, rates, yardstick, cpu, server, theirs []float64
	for i, pace := range c.others[contender] {
		ratios = append(ratios, pace.rate/c.yardstick[i].rate)
		rates, yardstick, cpu = append(rates, pace.rate), append(yardstick, c.yardstick[i].rate), append(cpu, pace.cpu)
		server, theirs = append(server, pace.server), append(theirs, c.yardstick[i].server)
	}
	return row{name: name, goal: goal, figures: []float64{
		median(ratios), slices.Min(ratios), slices.Max(ratios), median(rates), median(yardstick), median(cpu), median(server), median(theirs),
	}}
}

// inParallel calls work with each number below n, from as many goroutines as there are callers, and times it. The first error ends it.
func inParallel(callers, n int, work func(int) error) (time.Duration, error) {
	var next atomic.Int64
	var failure atomic.Pointer[error]
	var wg sync.WaitGroup
	began := time.Now()
	for range callers {
		wg.Go(func() {
			for failure.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					failure.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	if err := failure.Load(); err != nil {
		return took, *err
	}
	return took, nil
}
