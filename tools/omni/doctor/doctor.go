// Package doctor looks at everything that the product depends on outside its own code, and says what is wrong and what to do.
package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"omni/tools/omni/terminal"
)

// Level says how bad a finding is.
type Level int

// The levels.
const (
	OK      Level = iota
	Skipped       // not looked at, with the reason
	Warning       // works, and somebody should look at it
	Problem       // does not work
)

func (l Level) String() string { return [...]string{"ok", "-", "warning", "problem"}[l] }

// Finding is what one look found.
type Finding struct {
	Level Level
	About string // what was looked at
	Text  string // what was found
	Do    string // one sentence: what to do; empty when there is nothing to do
}

func ok(about, format string, args ...any) Finding {
	return Finding{Level: OK, About: about, Text: fmt.Sprintf(format, args...)}
}

func found(level Level, about, do, format string, args ...any) Finding {
	return Finding{Level: level, About: about, Text: fmt.Sprintf(format, args...), Do: do}
}

// Print writes the findings under a title, and what to do below each.
func Print(w io.Writer, title string, findings []Finding) error {
	var out bytes.Buffer
	fmt.Fprintln(&out, title)
	for _, f := range findings {
		text := strings.ReplaceAll(terminal.Lines(f.Text), "\n", "\n"+strings.Repeat(" ", 12))
		fmt.Fprintf(&out, "  %-8s  %s: %s\n", f.Level, f.About, text)
		if f.Do != "" {
			fmt.Fprintf(&out, "  %-8s  %s\n", "", f.Do)
		}
	}
	fmt.Fprintln(&out)
	_, err := w.Write(out.Bytes())
	return err
}

// Problems counts what does not work.
func Problems(findings []Finding) int {
	problems := 0
	for _, f := range findings {
		if f.Level == Problem {
			problems++
		}
	}
	return problems
}
