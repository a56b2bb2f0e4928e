package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"omni/tools/omni/build"
)

// deployed is the architecture that the deployment runs on.
const deployed = "arm64"

// The goals for the start of the webhook function, in milliseconds, and for its memory then, in MB.
const (
	startGoal  = atMost(20)
	memoryGoal = atMost(20)
)

// bootstrap builds the functions and measures the webhook function as Lambda runs it.
func (b *bench) bootstrap(ctx context.Context) ([]table, error) {
	folder, err := makeFolder()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	sizes, err := b.sizes(ctx, folder)
	if err != nil || runtime.GOOS != "linux" {
		return []table{sizes}, err
	}
	built, err := build.One(ctx, ".", folder, "webhook", runtime.GOARCH)
	if err != nil {
		return nil, err
	}
	running, err := b.running(ctx, folder, built.Bootstrap)
	return []table{running, sizes}, err
}

// sizes builds every function and lists what is uploaded.
func (b *bench) sizes(ctx context.Context, folder string) (table, error) {
	architecture := deployed
	if b.quick {
		architecture = runtime.GOARCH // which is compiled already
	}
	t := table{title: "Functions for " + architecture, columns: []string{"MB zipped", "MB"}}
	err := build.All(ctx, ".", folder, []string{architecture}, func(a build.Artifact) {
		b.say("  built %s", a.Function)
		sizes := []float64{float64(a.ZipBytes) / 1e6}
		if info, err := os.Stat(a.Bootstrap); err == nil {
			sizes = append(sizes, float64(info.Size())/1e6)
		}
		t.rows = append(t.rows, row{name: a.Function, figures: sizes})
	})
	return t, err
}

// running measures the start and the memory of the webhook function.
func (b *bench) running(ctx context.Context, folder, program string) (table, error) {
	t := table{title: "The webhook function as Lambda runs it, on this machine", columns: []string{"median", "lowest", "highest"}}
	environment, stop, err := b.environment(ctx, folder)
	if err != nil {
		return t, err
	}
	defer stop()
	starts, invocations := 20, 100
	if b.quick {
		starts = 5
	}
	b.say("  starting the webhook function %d times", starts)
	var took []float64
	for range starts {
		f, err := startFunction(ctx, program, environment)
		if err != nil {
			return t, err
		}
		took = append(took, float64(f.took.Microseconds())/1000)
		f.stop()
	}
	t.rows = append(t.rows, spread("from its start to its first question for an event, ms", took, startGoal))
	idle, used, err := peaks(ctx, program, environment, invocations)
	t.rows = append(t.rows, spread("peak memory when ready, MB", []float64{idle}, memoryGoal),
		spread(fmt.Sprintf("peak memory after %d webhooks, MB", invocations), []float64{used}, nil))
	return t, err
}

func spread(name string, figures []float64, g goal) row {
	lowest, highest := figures[0], figures[0]
	for _, f := range figures {
		lowest, highest = min(lowest, f), max(highest, f)
	}
	return row{name: name, figures: []float64{median(figures), lowest, highest}, goal: g}
}

// environment is what the deployment gives the function, with this machine's PostgreSQL and SQS.
func (b *bench) environment(ctx context.Context, folder string) (environment []string, stop func(), err error) {
	back, err := b.backend(ctx, "bootstrap")
	if err != nil {
		return nil, nil, err
	}
	stop = func() { back.queue.Close() }
	secrets, err := filepath.Abs(filepath.Join(folder, "secrets.json"))
	if err == nil {
		err = writeSecrets(secrets)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return []string{
		"DATABASE_URL=" + back.database, "MESSAGE_QUEUE_URL=" + back.queue.url, "CHANNEL_SECRETS=file:" + secrets,
		"AWS_ENDPOINT_URL_SQS=" + back.queue.URL(), "AWS_REGION=" + back.queue.Region(), "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench",
	}, stop, nil
}

// peaks runs the function once and reads its peak memory, in MB: when it is ready, and when it has taken that many webhooks.
func peaks(ctx context.Context, program string, environment []string, webhooks int) (idle, used float64, err error) {
	f, err := startFunction(ctx, program, environment)
	if err != nil {
		return 0, 0, err
	}
	defer f.stop()
	idle, err = peak(f.process.Pid)
	if err != nil {
		return 0, 0, err
	}
	traffic, err := newTraffic()
	if err != nil {
		return 0, 0, err
	}
	all, err := traffic.webhooks(webhooks)
	if err != nil {
		return 0, 0, err
	}
	for _, webhook := range all {
		if err := f.invoke(ctx, webhook); err != nil {
			return 0, 0, err
		}
	}
	used, err = peak(f.process.Pid)
	return idle, used, err
}

var peakForm = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB`)

// peak is the most memory, in MB, that a process has had in use so far.
func peak(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	match := peakForm.FindSubmatch(status)
	if match == nil {
		return 0, errors.New("the kernel does not tell the process's peak memory")
	}
	kilobytes, err := strconv.ParseFloat(string(match[1]), 64)
	return kilobytes * 1024 / 1e6, err
}

// patience bounds the wait for a function to start or answer.
const patience = 30 * time.Second
