// Command bench measures the product on this machine and prints ratios: the same rows written by the product and by pgbench, in turns,
// within one run. Absolute times say as much about the machine as about the program; ratios say what the program adds.
//
// docs/performance.md says how to read what it prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
	"omni/internal/app"
)

// options are the command line.
type options struct {
	quick      bool
	mem        bool
	json       bool
	only       []string
	cpuprofile string
	statements bool
}

// bench is one run.
type bench struct {
	options
	progress io.Writer
	stage    *stage // nil until a measurement needs it
}

// measurement is one part of a run; it may make several tables.
type measurement struct {
	name string
	what string
	run  func(*bench, context.Context) ([]table, error)
}

var measurements = []measurement{
	{"roundtrips", "round trips to PostgreSQL and calls of SQS", (*bench).roundTrips},
	{"ingest", "webhooks through the handler, beside pgbench", (*bench).ingest},
	{"process", "rows through the processor, beside pgbench", (*bench).process},
	{"sends", "answers through the sender to a simulated platform", (*bench).sends},
	{"pushes", "frames on the sockets of 1,000 dashboards", (*bench).pushes},
	{"live", "messages at a steady pace, until dashboards show them", (*bench).live},
	{"allocations", "memory that one webhook takes", (*bench).allocations},
	{"plugins", "Verify, Parse and Normalize of every channel", (*bench).plugins},
	{"bootstrap", "start, memory and size of the functions", (*bench).bootstrap},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	o, err := readOptions(args, progress)
	if err != nil {
		return err
	}
	b := &bench{options: o, progress: progress}
	defer func() { err = errors.Join(err, b.stage.close()) }()
	app.UseMemory(os.Getenv) // as the functions do
	stopProfile, err := profile(o.cpuprofile)
	if err != nil {
		return err
	}
	defer stopProfile()
	tables, err := b.measure(ctx)
	if err != nil {
		return err
	}
	if o.json {
		return writeJSON(out, tables)
	}
	return writeText(out, tables)
}

func readOptions(args []string, progress io.Writer) (options, error) {
	testing.Init() // testing.Benchmark reads flags, which this makes
	var o options
	var only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.BoolVar(&o.quick, "quick", false, "measure for CI: fewer and shorter rounds")
	flags.BoolVar(&o.mem, "mem", false, "also measure ingest with a store that keeps nothing: what the program itself costs")
	flags.BoolVar(&o.json, "json", false, "print JSON instead of tables")
	flags.StringVar(&only, "only", "", "measure only these, separated by commas: "+strings.Join(names(), ", "))
	flags.StringVar(&o.cpuprofile, "cpuprofile", "", "write a CPU profile; its samples have the labels of compare.go")
	flags.BoolVar(&o.statements, "statements", false, "also show what ingest and process cost the server, statement by statement")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	for _, name := range o.only {
		if !slices.Contains(names(), name) {
			return o, fmt.Errorf("there is no measurement %q; there are: %s", name, strings.Join(names(), ", "))
		}
	}
	return o, nil
}

func names() []string {
	all := make([]string, len(measurements))
	for i, m := range measurements {
		all[i] = m.name
	}
	return all
}

func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("profiling: %w", err)
	}
	return func() { pprof.StopCPUProfile(); file.Close() }, nil
}

func (b *bench) measure(ctx context.Context) ([]table, error) {
	began := time.Now()
	var all []table
	for _, m := range measurements {
		if len(b.only) > 0 && !slices.Contains(b.only, m.name) {
			continue
		}
		b.say("%s: %s", m.name, m.what)
		tables, err := m.run(b, ctx)
		if err != nil {
			return nil, fmt.Errorf("measuring %s: %w", m.name, err)
		}
		all = append(all, tables...)
	}
	b.say("done in %s", time.Since(began).Round(time.Second))
	return all, nil
}

// say tells what is being done.
func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }
