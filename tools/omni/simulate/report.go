package simulate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"text/tabwriter"
	"time"
)

// named is how many complaints of a channel are written out.
const named = 5

// row is one line of a table.
type row struct {
	name string
	figures
}

// report writes the tables and what is wrong. The error is [ErrLost] if anything is.
func (t *tally) report(w io.Writer) error {
	var rows []row
	for _, c := range t.channels {
		rows = append(rows, row{c.target.channel, c.figures})
	}
	if len(rows) > 1 {
		rows = append(rows, row{"total", t.total()})
	}
	var out bytes.Buffer
	webhookTable(&out, rows)
	if t.looked {
		fmt.Fprintln(&out)
		eventTable(&out, rows)
	}
	if t.answered {
		fmt.Fprintln(&out)
		answerTable(&out, rows)
	}
	fmt.Fprintln(&out)
	wrong := t.verdict(&out)
	_, err := w.Write(out.Bytes())
	return errors.Join(wrong, err)
}

func webhookTable(w io.Writer, rows []row) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "WEBHOOKS\tsent\taccepted\tforged\trefused\ttwice\tretries\tp50\tp90\tp99\tmax\t")
	for _, r := range rows {
		slices.Sort(r.latencies)
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t\n",
			r.name, r.sent, r.accepted, r.forged, r.refused, r.repeated, r.retries,
			percentile(r.latencies, 50), percentile(r.latencies, 90), percentile(r.latencies, 99), percentile(r.latencies, 100))
	}
	table.Flush()
}

func eventTable(w io.Writer, rows []row) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "EVENTS\taccepted\tprocessed\tonly stored\tdead\tmissing\t")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", r.name, r.events, r.processed, r.stored, r.dead, r.missing)
	}
	table.Flush()
}

// answerTable shows what became of the answers, and why some were not delivered.
func answerTable(w io.Writer, rows []row) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "ANSWERS\trefused\tmessages\tsent\tdelivered\tread\tfailed\tuncertain\topen\ttaken\t")
	for _, r := range rows {
		a := r.answers
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n",
			r.name, a.Refused, a.Messages, a.Sent, a.Delivered, a.Read, a.Failed, a.Uncertain, a.Open, a.Taken)
	}
	table.Flush()
	reasons := rows[len(rows)-1].answers.Reasons
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(w, "  %d not delivered: %s\n", reasons[reason], reason)
	}
}

// percentile is the latency below or at which this many of a hundred sorted ones are; rounded, for people.
func percentile(sorted []time.Duration, percent float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(percent / 100 * float64(len(sorted))))
	d := sorted[max(rank, 1)-1]
	if d < 100*time.Millisecond {
		return d.Round(100 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// verdict writes the first complaints of each channel, or that there are none.
func (t *tally) verdict(w io.Writer) error {
	var wrong error
	for _, c := range t.channels {
		for i, complaint := range c.complaints {
			if i == named {
				fmt.Fprintf(w, "%s: and %d more\n", c.target.channel, len(c.complaints)-named)
				break
			}
			fmt.Fprintf(w, "%s: %s\n", c.target.channel, complaint)
			wrong = ErrLost
		}
	}
	switch {
	case wrong != nil:
	case t.looked:
		fmt.Fprintf(w, "Nothing is lost: all %d events that were accepted are processed.\n", t.accepted())
		t.praise(w)
	default:
		fmt.Fprintln(w, "Every webhook was answered as it has to be. The database was not looked at.")
	}
	return wrong
}

// praise says what is right about the answers.
func (t *tally) praise(w io.Writer) {
	if a := t.total().answers; t.answered {
		fmt.Fprintf(w, "Nobody got anything twice: of %d answers %d were delivered once, %d failed and say why, %d are marked as uncertain.\n",
			a.Messages, a.Sent+a.Delivered+a.Read, a.Failed, a.Uncertain)
	}
}
