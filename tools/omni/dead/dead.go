// Package dead shows an operator what could not be processed and why, and sends it on its way again.
package dead

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Store has the dead letters.
type Store interface {
	DeadLetters(ctx context.Context, f inbox.DeadFilter, most int) ([]inbox.DeadLetter, error)
	DeadReasons(context.Context, inbox.DeadFilter) ([]inbox.DeadReason, error)
	DeadRow(context.Context, uuid.UUID) (inbox.DeadRow, error)
	DeadJob(context.Context, uuid.UUID) (inbox.KeptJob, error)
	Redrive(ctx context.Context, by inbox.Actor, rows []uuid.UUID) (inbox.Redriven, error)
	JobRedriven(ctx context.Context, by inbox.Actor, id uuid.UUID) error
}

// Sizes of the list.
const (
	mostReasons   = 15
	longestReason = 100 // characters
)

// List writes how often each reason occurs and a table of the dead letters, what died last first, at most so many.
func List(ctx context.Context, s Store, w io.Writer, f inbox.DeadFilter, most int) error {
	reasons, err := s.DeadReasons(ctx, f)
	if err != nil {
		return err
	}
	letters, err := s.DeadLetters(ctx, f, most)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	total := 0
	for _, r := range reasons {
		total += r.Number
	}
	if total == 0 {
		fmt.Fprintln(&out, "There are no dead letters.")
	} else {
		fmt.Fprintf(&out, "%s, by reason:\n\n", count(total, "dead letter"))
		writeReasons(&out, reasons)
		fmt.Fprintln(&out)
		writeLetters(&out, letters)
	}
	if rest := total - len(letters); rest > 0 {
		fmt.Fprintf(&out, "... and %d older ones; --limit shows more\n", rest)
	}
	_, err = w.Write(out.Bytes())
	return err
}

func writeReasons(w io.Writer, reasons []inbox.DeadReason) {
	for i, r := range reasons {
		if i == mostReasons {
			fmt.Fprintf(w, "        and %d other reasons\n", len(reasons)-i)
			break
		}
		fmt.Fprintf(w, "%6d  %s\n", r.Number, terminal.Line(r.Reason, 2*longestReason))
	}
}

func writeLetters(w io.Writer, letters []inbox.DeadLetter) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCHANNEL\tKIND\tDIED\tREASON")
	for _, l := range letters {
		channel := l.Channel
		if channel == "" {
			channel = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.ID, channel, l.Kind, moment(l.DiedAt), terminal.Line(l.Reason, longestReason))
	}
	table.Flush()
}

func moment(t time.Time) string { return t.Local().Format(time.DateTime) }

// count is a number of things in words.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
