// Package crash kills the product while customers write to it, and counts afterwards.
//
// It runs `omni dev` as a child process, plays customers against it who send every webhook until it is answered with 200, and meanwhile
// commits faults: it kills the server and its PostgreSQL, freezes, fills and stops the database, and makes the queue refuse, lose, double and delay
// jobs. The faults of a seed are always the same; at which instruction they hit is not. When they are over, what was answered with
// 200 is compared with what is in the database: nothing may be missing, doubled, out of order or unfinished.
package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Options say what to do to whom.
type Options struct {
	Binary string    // omni
	Folder string    // where the server keeps everything, and its log
	Seed   uint64    // repeats the faults of a run
	Rounds int       // faults, one after the other, at least
	Each   int       // messages each way on every channel, at least
	Disks  bool      // small ones are mounted, and become full
	Out    io.Writer // of the faults and the ledger
}

// ErrWrong means that the ledger names something that is not as it was promised.
var ErrWrong = errors.New("not everything is as it was promised: see the ledger")

// promised is how long an answer may take while nothing but the database is in trouble, by docs/reliability.md. What a busy machine adds is measured.
const promised = 2 * time.Second

// Build compiles omni into the folder and returns its path.
func Build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "omni")
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, "omni/tools/omni")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building omni: %w\n%s", err, output)
	}
	return binary, nil
}

// Run plays, commits the faults of the seed, lets everything come to rest and writes the ledger. The error is [ErrWrong] when that has
// something to complain about; any other means that the run itself could not be carried out.
func Run(ctx context.Context, o Options) (err error) {
	fmt.Fprintf(o.Out, "seed %d, %d rounds, %d messages each way on every channel\n", o.Seed, o.Rounds, o.Each)
	s, err := newServer(o.Binary, o.Folder)
	if err != nil {
		return err
	}
	if o.Disks {
		if s.disks, err = mountDisks(ctx, s.state()); errors.Is(err, errNoDisks) {
			fmt.Fprintf(o.Out, "no disk becomes full: %v\n", err)
		} else if err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, s.leaveDisks(o.Out, err)) }()
	books := newBooks()
	office, err := openOffice(ctx, s.state(), s.address, books.told, nil)
	if err != nil {
		return err
	}
	defer office.close()
	if err := s.start(ctx, office.remote.URL); err != nil {
		return err
	}
	defer s.end()
	return run(ctx, o, s, books, office)
}

// leaveDisks takes the small disks away after a run that was good. After another one they stay, with everything on them.
func (s *server) leaveDisks(out io.Writer, wrong error) error {
	switch {
	case s.disks == nil:
		return nil
	case wrong != nil:
		fmt.Fprintf(out, "the small disks stay: umount %s %s\n", s.disks.postgres.dir, s.disks.state.dir)
		return nil
	}
	return s.disks.unmount()
}

// run plays at a server that is up.
func run(ctx context.Context, o Options, s *server, b *books, f *office) error {
	watchers, err := watch(ctx, s)
	if err != nil {
		return err
	}
	defer watchers.close()
	subscribers, err := subscribe(ctx, o.Seed, s.databaseURL())
	if err != nil {
		return err
	}
	defer closeAll(subscribers)
	if err := f.remote.SetTrouble(ctx, badDays); err != nil {
		return err
	}
	crowd := play(ctx, o.Seed, s, b, f)
	complaints, err := commitAll(ctx, o, s, crowd)
	if lost := crowd.leave(ctx); err == nil {
		err = lost
	}
	if err != nil {
		return err
	}
	behaveAll(subscribers)
	unfinished, err := settle(ctx, s, b, f)
	if err != nil {
		return err
	}
	l, err := readLedger(ctx, s.databaseURL(), witnesses{b, f.agents, f.platforms.Taken(), subscribers, watchers})
	if err != nil {
		return err
	}
	l.complaints = append(append(complaints, unfinished...), l.complaints...)
	l.restarts, l.failedStarts = s.counts()
	l.answers, l.operator = crowd.answers.summary(), crowd.operator
	return l.write(o.Out)
}

// commitAll commits the faults of the seed, one after the other, until enough was said, and complains about webhooks that had to wait for the
// database.
func commitAll(ctx context.Context, o Options, s *server, c *crowd) (complaints []string, err error) {
	started := time.Now()
	for n, f := range plan(o.Seed) {
		if n >= o.Rounds && c.said() >= o.Each {
			break
		}
		if err := pause(ctx, f.pause); err != nil {
			return complaints, err
		}
		fmt.Fprintf(o.Out, "%4d  %6.1fs  %s%s\n", n+1, time.Since(started).Seconds(), f, map[bool]string{true: " (skipped: no small disks)"}[f.skipped(s)])
		began := time.Now()
		if err := f.commit(ctx, s); err != nil {
			return complaints, fmt.Errorf("round %d (%s): %w", n+1, f, err)
		}
		if f.onlyDatabase() {
			for _, late := range c.answers.broken(began, time.Now(), promised) {
				complaints = append(complaints, fmt.Sprintf("round %d (%s): %s", n+1, f, late))
			}
		}
		if err := s.awaitUp(ctx); err != nil {
			return complaints, fmt.Errorf("after round %d (%s): %w", n+1, f, err)
		}
	}
	return complaints, nil
}

// Tail returns the last lines of the server's log.
func Tail(folder string, bytes int) string {
	content, err := os.ReadFile(logPath(folder))
	if err != nil {
		return err.Error()
	}
	return string(content[max(0, len(content)-bytes):])
}

// pause waits, or returns why it was interrupted.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
