// Package replay takes stored webhooks through today's code and shows a person how what it says differs from what is stored.
package replay

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// Options say what to replay and how to show it.
type Options struct {
	Selection inbox.WebhookSelection
	Limit     int  // most webhooks; 0: all
	Apply     bool // write the differences over what is stored
	Details   int  // how many differences are shown in full
	Color     bool
}

// Streams are what is written to: the report, and beside it how far the replay is.
type Streams struct {
	Report   io.Writer
	Progress io.Writer
	Live     bool // Progress is a terminal
}

// Run replays.
func Run(ctx context.Context, store pipeline.ReplayStore, s Streams, o Options) error {
	bar := meter{out: s.Progress, live: s.Live}
	show := printer{out: s.Report, color: o.Color}
	shown := 0
	replayer := pipeline.Replayer{
		Store: store, Apply: o.Apply, Limit: o.Limit, Progress: bar.show,
		Report: func(d pipeline.Difference) {
			if shown++; shown <= o.Details {
				bar.clear()
				show.difference(d)
			}
		},
	}
	progress, err := replayer.Run(ctx, o.Selection)
	bar.clear()
	if show.err == nil {
		show.err = summary(s.Report, progress, o, shown)
	}
	if err != nil {
		return fmt.Errorf("the replay ended early: %w", err)
	}
	return show.err
}

// line is one line of the tables.
type line struct {
	name string
	pipeline.Tally
}

func summary(w io.Writer, p pipeline.Progress, o Options, differences int) error {
	var out bytes.Buffer
	if more := differences - o.Details; more > 0 && o.Details > 0 {
		fmt.Fprintf(&out, "... and %d more; --details %d shows them all\n\n", more, differences)
	}
	lines, total := lines(p)
	if len(lines) > 0 {
		webhookTable(&out, lines)
		fmt.Fprintln(&out)
		eventTable(&out, lines, o.Apply)
		fmt.Fprintln(&out)
	}
	fmt.Fprintln(&out, verdict(total, o.Apply, differences))
	_, err := w.Write(out.Bytes())
	return err
}

// lines returns a line for each channel, and their total; it is a line too where there are several.
func lines(p pipeline.Progress) (lines []line, total pipeline.Tally) {
	for _, name := range slices.Sorted(maps.Keys(p.Tallies)) {
		lines = append(lines, line{name, *p.Tallies[name]})
		total = total.Plus(*p.Tallies[name])
	}
	if len(lines) > 1 {
		lines = append(lines, line{"total", total})
	}
	return lines, total
}

func webhookTable(w io.Writer, lines []line) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "WEBHOOKS\tread\tunreadable\tevents\trepeated\twaiting\t")
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", l.name, l.Webhooks, l.Unreadable, l.Events, l.Repeated, l.Waiting)
	}
	table.Flush()
}

func eventTable(w io.Writer, lines []line, apply bool) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "EVENTS\tsame\tnew\tchanged\tunderstood now\tno longer understood\tno longer parsed\tstill dead\t")
	if apply {
		fmt.Fprint(table, "written\trefused\t")
	}
	fmt.Fprintln(table)
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t", l.name, l.Same, l.New, l.Changed, l.Understood, l.Lost, l.Gone, l.Dead)
		if apply {
			fmt.Fprintf(table, "%d\t%d\t", l.Written, l.Refused)
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}

// verdict says in a sentence what came of it.
func verdict(t pipeline.Tally, apply bool, differences int) string {
	writable := t.New + t.Changed + t.Understood
	switch {
	case t.Webhooks == 0:
		return "There are no such webhooks."
	case differences == 0:
		return "Nothing differs: today's code reads these webhooks as they are stored."
	case apply:
		return fmt.Sprintf("%d of %d differences are written. Nothing was deleted and nobody was notified.", t.Written, differences)
	case writable == 0:
		return fmt.Sprintf("There are %d differences; --apply would write none of them: it deletes nothing.", differences)
	}
	return fmt.Sprintf("There are %d differences; --apply writes %d of them.", differences, writable)
}
