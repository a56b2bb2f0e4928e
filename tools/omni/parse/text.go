package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// painter puts ANSI colours around text, or does not.
type painter bool

func (p painter) paint(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) bold(text string) string { return p.paint("1", text) }
func (p painter) dim(text string) string  { return p.paint("2", text) }
func (p painter) red(text string) string  { return p.paint("31", text) }
func (p painter) cyan(text string) string { return p.paint("36", text) }

// writeText shows each event under a heading, as an outline of what is set.
func writeText(w io.Writer, o Options, results []Result) error {
	p := painter(o.Color)
	var out bytes.Buffer
	switch len(results) {
	case 0:
		fmt.Fprintf(&out, "%s: no events in this body\n", o.Channel)
	case 1:
		fmt.Fprintf(&out, "%s: 1 event\n", o.Channel)
	default:
		fmt.Fprintf(&out, "%s: %d events\n", o.Channel, len(results))
	}
	for i, result := range results {
		fmt.Fprintf(&out, "\n%s\n", p.bold(fmt.Sprintf("%d  %s  %s", i+1, result.Event.Kind, result.Event.ID)))
		if err := outline(&out, p, result.Event); err != nil {
			return err
		}
		if result.Error != "" {
			fmt.Fprintf(&out, "  %s\n", p.red("cannot be normalized: "+result.Error))
			continue
		}
		fmt.Fprintln(&out, p.dim("  means"))
		if err := outline(&out, p, result.Update); err != nil {
			return err
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// outline writes what is set in v, in the order of its JSON, nested by indentation. What is new in our vocabulary shows without being
// listed here.
func outline(w io.Writer, p painter, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if _, err := decoder.Token(); err != nil { // the opening brace: v is a struct
		return err
	}
	return members(w, p, decoder, 1)
}

// members writes the rest of an object.
func members(w io.Writer, p painter, d *json.Decoder, depth int) error {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s%s", strings.Repeat("  ", depth), p.cyan(fmt.Sprint(key)))
		if err := value(w, p, d, depth); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// value writes what follows a key or a list's dash.
func value(w io.Writer, p painter, d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		fmt.Fprintln(w)
		return members(w, p, d, depth+1)
	case json.Delim('['):
		return items(w, p, d, depth)
	}
	_, err = fmt.Fprintf(w, " %s\n", printable(fmt.Sprint(token), strings.Repeat("  ", depth+1)))
	return err
}

// items writes the rest of a list, each item below a dash.
func items(w io.Writer, p painter, d *json.Decoder, depth int) error {
	if !d.More() {
		fmt.Fprintln(w, " (none)")
	} else {
		fmt.Fprintln(w)
	}
	for d.More() {
		fmt.Fprintf(w, "%s-", strings.Repeat("  ", depth+1))
		if err := value(w, p, d, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// printable keeps the lines of a text below each other, and control characters, which could drive the terminal, visible.
func printable(text, indent string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			out.WriteString("\n" + indent)
		case r < ' ' || r >= 0x7f && r < 0xa0:
			fmt.Fprintf(&out, "\\x%02x", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
