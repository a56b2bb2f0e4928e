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
	Out    io.Writer // of the faults and the ledger
}

// ErrWrong means that the ledger names something that is not as it was promised.
var ErrWrong = errors.New("not everything is as it was promised: see the ledger")

// promised is how long an answer may take while nothing but the database is in trouble: the 2 s of docs/reliability.md, and as long again because
// the customers, their platforms and the server share this machine.
const promised = 4 * time.Second

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
func Run(ctx context.Context, o Options) error {
	fmt.Fprintf(o.Out, "seed %d, %d rounds, %d messages each way on every channel\n", o.Seed, o.Rounds, o.Each)
	s, err := newServer(o.Binary, o.Folder)
	if err != nil {
		return err
	}
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
	if err := office.remote.SetTrouble(ctx, badDays); err != nil {
		return err
	}
	crowd := play(ctx, o.Seed, s, books, office)
	complaints, err := commitAll(ctx, o, s, crowd)
	if lost := crowd.leave(ctx); err == nil {
		err = lost
	}
	if err != nil {
		return err
	}
	unfinished, err := settle(ctx, s, books, office)
	if err != nil {
		return err
	}
	l, err := readLedger(ctx, s.databaseURL(), books, office.agents, office.platforms.Taken())
	if err != nil {
		return err
	}
	l.complaints = append(append(complaints, unfinished...), l.complaints...)
	l.restarts, l.failedStarts = s.counts()
	l.answers = crowd.answers.summary()
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
		fmt.Fprintf(o.Out, "%4d  %6.1fs  %s\n", n+1, time.Since(started).Seconds(), f)
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
