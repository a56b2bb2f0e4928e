// Command scale measures what grows with the data: it fills databases with 10 thousand, 1 million and 10 million messages (see package dataset),
// does the same work on each in turns, and prints how much longer it takes on the larger ones.
//
// docs/scale.md says how to read what it prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "omni/gen/dispatch"
)

// options are the command line.
type options struct {
	sizes    []int
	seed     uint64
	keep     bool
	loadOnly bool
	only     string
	plans    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "scale: %v\n", err)
		os.Exit(1)
	}
}

func readOptions(args []string, progress io.Writer) (options, error) {
	var o options
	var sizes string
	flags := flag.NewFlagSet("scale", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.StringVar(&sizes, "sizes", "10000,1000000,10000000", "how many messages each database has, the smallest first; the largest takes 20 GB of disk")
	flags.Uint64Var(&o.seed, "seed", 1, "which made-up messages")
	flags.BoolVar(&o.keep, "keep", false, "keep the databases in .omni/scale, and use those that an earlier run has kept")
	flags.BoolVar(&o.loadOnly, "load", false, "only fill the databases; implies --keep")
	flags.StringVar(&o.only, "only", "", "measure only what has this in its name")
	flags.BoolVar(&o.plans, "plans", false, "instead of measuring, print how the largest database executes each statement")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.keep = o.keep || o.loadOnly
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1000 {
			return o, fmt.Errorf("--sizes: %q: want numbers of at least 1000, separated by commas", size)
		}
		o.sizes = append(o.sizes, n)
	}
	slices.Sort(o.sizes)
	return o, nil
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	o, err := readOptions(args, progress)
	if err != nil {
		return err
	}
	began := time.Now()
	s := &stage{options: o, progress: progress}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.load(ctx); err != nil || o.loadOnly {
		return err
	}
	if err := s.force(ctx); err != nil {
		return err
	}
	if o.plans {
		return printPlans(ctx, s, out)
	}
	subjects, err := s.subjects(ctx, "")
	if err != nil {
		return err
	}
	defer closeAll(subjects)
	if err := report(ctx, out, progress, subjects, chosen(o.only)); err != nil {
		return err
	}
	fmt.Fprintf(progress, "done in %s\n", time.Since(began).Round(time.Second))
	return nil
}
