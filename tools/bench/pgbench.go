package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The transactions of pgbench. Each writes the rows that the product writes for the same piece of work.
var (
	//go:embed ingest.sql
	ingestSQL string
	//go:embed process.sql
	processSQL string
)

// script is the contender that is pgbench with one of the scripts.
type script struct {
	stage     *stage
	program   string
	file      string
	variables map[string]string
	// fill writes the rows that n transactions of the script need; nil: none.
	fill func(ctx context.Context, prefix string, n int) error
	// check returns how many transactions did their work on the rows with that prefix.
	check func(ctx context.Context, prefix string) (int, error)

	prefix string
}

func (s *stage) newScript(ctx context.Context, name, sql string, variables map[string]string) (*script, error) {
	program, err := s.pgbench(ctx)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(s.folder, name)
	return &script{stage: s, program: program, file: file, variables: variables}, os.WriteFile(file, []byte(sql), 0o600)
}

func (p *script) name() string { return "pgbench" }

// prepare begins a new range of ids. A prefix is the first 16 digits of a UUIDv7 of this moment; the script makes the other 16 by counting.
func (p *script) prepare(ctx context.Context, n int) error {
	p.prefix = fmt.Sprintf("%012x7000", time.Now().UnixMilli())
	if p.fill == nil {
		return nil
	}
	return p.fill(ctx, p.prefix, n)
}

func (p *script) run(ctx context.Context, callers, n int) (time.Duration, error) {
	args := []string{"--no-vacuum", "--protocol=prepared", "--file=" + p.file, "--client=" + strconv.Itoa(callers),
		"--jobs=" + strconv.Itoa(min(callers, runtime.NumCPU())), "--transactions=" + strconv.Itoa(n/callers),
		"--define=i=-1", "--define=clients=" + strconv.Itoa(callers), "--define=prefix=" + p.prefix}
	for name, value := range p.variables {
		args = append(args, "--define="+name+"="+value)
	}
	out, err := exec.CommandContext(ctx, p.program, append(args, p.stage.theirs)...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	rate, err := readRate(string(out))
	if err != nil {
		return 0, err
	}
	if done, err := p.check(ctx, p.prefix); err != nil || done != n {
		return 0, fmt.Errorf("%d of %d transactions wrote their rows: %w", done, n, err)
	}
	return time.Duration(float64(n) / rate * float64(time.Second)), nil
}

var rateForm = regexp.MustCompile(`(?m)^tps = ([0-9.]+) \(without initial connection time\)`)

func readRate(report string) (float64, error) {
	match := rateForm.FindStringSubmatch(report)
	if match == nil {
		return 0, fmt.Errorf("pgbench's report is not understood:\n%s", strings.TrimSpace(report))
	}
	return strconv.ParseFloat(match[1], 64)
}
