package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"omni/internal/pipeline"
)

// printer shows differences. The first error of its output is kept, and ends the printing.
type printer struct {
	out   io.Writer
	color bool
	err   error
}

// mostLines is how many lines a difference may take.
const mostLines = 60

var titles = map[pipeline.Verdict]string{
	pipeline.New:        "new",
	pipeline.Changed:    "changed",
	pipeline.Understood: "dead, would be understood now",
	pipeline.Lost:       "no longer understood",
	pipeline.Gone:       "no longer parsed",
	pipeline.Unreadable: "unreadable",
}

// difference writes one difference: what it is about, and then what is stored (-) and what today's code says (+).
func (p *printer) difference(d pipeline.Difference) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s", p.paint("1", titles[d.Verdict]), d.Channel)
	if d.Event.Kind != "" {
		fmt.Fprintf(&b, " %s %s", d.Event.Kind, quoted(d.Event.ID))
	}
	fmt.Fprintf(&b, "\n  webhook %s of %s", d.Webhook, d.ReceivedAt.Local().Format(time.DateTime))
	if d.Row != uuid.Nil {
		fmt.Fprintf(&b, ", row %s", d.Row)
	}
	fmt.Fprintln(&b)
	if d.Reason != "" {
		fmt.Fprintf(&b, "  %s: %s\n", reasonTitle(d), quoted(d.Reason))
	}
	changes := compare(d.Before, d.After)
	for n, c := range changes {
		if n == mostLines {
			fmt.Fprintf(&b, "  ... and %d more lines\n", len(changes)-n)
			break
		}
		fmt.Fprintf(&b, "  %s\n", p.paint(c.code(), c.sign+" "+c.path+": "+c.value))
	}
	switch {
	case d.Written:
		fmt.Fprintln(&b, "  written")
	case d.Refused != "":
		fmt.Fprintf(&b, "  %s\n", p.paint("31", "not written: "+quoted(d.Refused)))
	}
	fmt.Fprintln(&b)
	if p.err == nil {
		_, p.err = p.out.Write(b.Bytes())
	}
}

func reasonTitle(d pipeline.Difference) string {
	if d.Verdict == pipeline.Understood || d.Verdict == pipeline.Gone {
		return "it died of"
	}
	return "today's code says"
}

func (p *printer) paint(code, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// longestValue is how much of a value is shown, in characters.
const longestValue = 300

// quoted is a text as JSON, so that nothing in it drives the terminal.
func quoted(text string) string {
	if runes := []rune(text); len(runes) > longestValue {
		text = string(runes[:longestValue]) + "…"
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(text) != nil { // a string always renders
		return "?"
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
