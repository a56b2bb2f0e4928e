package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
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
	return rounds{count: 7, seconds: 1}
}

// piece is what the number of pieces of a round is a multiple of: each caller has the same share, and shares are whole batches.
func piece(callers int) int { return callers * batchSize }

// pilot is how many pieces each caller does before it counts, so that statements are prepared, plans chosen and caches filled.
const pilot = 20 * batchSize

// comparison is what came of comparing contenders to a yardstick, round by round.
type comparison struct {
	yardstick []float64   // pieces a second
	rates     [][]float64 // of each contender
}

// compare lets the yardstick and the contenders do the same number of pieces in turns.
func (b *bench) compare(ctx context.Context, callers int, yardstick contender, others ...contender) (comparison, error) {
	all := append([]contender{yardstick}, others...)
	c := comparison{rates: make([][]float64, len(others))}
	n := pilot * callers
	for _, one := range all {
		rate, err := b.timed(ctx, one, callers, n)
		if err != nil {
			return c, err
		}
		c.yardstick = append(c.yardstick, rate)
	}
	n = max(1, int(c.yardstick[0]*b.rounds().seconds)/piece(callers)) * piece(callers)
	c.yardstick = nil
	for round := range b.rounds().count {
		b.say("  %s, round %d of %d: %d pieces each", people(callers), round+1, b.rounds().count, n)
		for i, one := range all {
			rate, err := b.timed(ctx, one, callers, n)
			if err != nil {
				return c, err
			}
			if i == 0 {
				c.yardstick = append(c.yardstick, rate)
			} else {
				c.rates[i-1] = append(c.rates[i-1], rate)
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

// timed returns a contender's pieces a second. Samples of a CPU profile are labelled, so that what is not timed can be left out:
// go tool pprof -tagfocus=callers=8 FILE.
func (b *bench) timed(ctx context.Context, one contender, callers, n int) (rate float64, err error) {
	if err := one.prepare(ctx, n); err != nil {
		return 0, fmt.Errorf("preparing %s: %w", one.name(), err)
	}
	runtime.GC() // what preparing left behind is not the contender's
	var took time.Duration
	pprof.Do(ctx, pprof.Labels("contender", one.name(), "callers", strconv.Itoa(callers)), func(ctx context.Context) {
		took, err = one.run(ctx, callers, n)
	})
	if err != nil {
		return 0, fmt.Errorf("%s with %d callers: %w", one.name(), callers, err)
	}
	return float64(n) / took.Seconds(), nil
}

// comparedColumns are the figures of comparison.row.
var comparedColumns = []string{"ratio", "lowest", "highest", "a second", "pgbench"}

func (c comparison) row(name string, contender int, goal goal) row {
	ratios := make([]float64, len(c.yardstick))
	for i, rate := range c.rates[contender] {
		ratios[i] = rate / c.yardstick[i]
	}
	return row{name: name, goal: goal, figures: []float64{
		median(ratios), slices.Min(ratios), slices.Max(ratios), median(c.rates[contender]), median(c.yardstick),
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
