package tail

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// Widths of the columns, in characters. A longer name moves the rest of its line.
const (
	channelWidth = 10
	contactWidth = 18
	longestText  = 200
)

func write(w io.Writer, c inbox.FeedChange, o Options) error {
	if o.JSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(c)
	}
	_, err := fmt.Fprintln(w, line(c, o.Color))
	return err
}

// line is a change in one line: when, where, who, and what.
func line(c inbox.FeedChange, color bool) string {
	sign, code := "·", "2" // dim
	if c.Kind == "message.created" && c.Message != nil {
		sign, code = "←", "36" // cyan: a customer
		if c.Message.Direction == channels.Out {
			sign, code = "→", "32" // green: the business
		}
	}
	if color {
		sign = "\x1b[" + code + "m" + sign + "\x1b[0m"
	}
	who := cmp.Or(c.Contact, c.Thread, "-")
	return fmt.Sprintf("%s  %-*s %s %-*s %s", c.At.Local().Format(time.TimeOnly), channelWidth, c.Channel, sign,
		contactWidth, single(who), single(what(c)))
}

// what says what happened.
func what(c inbox.FeedChange) string {
	switch {
	case c.Kind == "message.created" && c.Message != nil:
		return read(c.Message)
	case c.Kind == "message.updated" && c.Message != nil:
		return changed(c.Message, c.Event) + ": " + read(c.Message)
	case c.Update != nil && c.Update.System != nil:
		return join(c.Update.System.Type, c.Update.System.Detail, c.Update.System.Text)
	case c.Update != nil && c.Update.Watermark != nil:
		return string(c.Update.Watermark.State) + " until " + c.Update.Watermark.Until.Local().Format(time.TimeOnly)
	}
	return join(strings.ReplaceAll(c.Kind, ".", " "), string(c.Event))
}

// read is the message as a person would read it.
func read(m *inbox.FeedMessage) string {
	switch {
	case m.Deleted:
		return "(deleted)"
	case m.Type == channels.TypeText && m.Text != "":
		return m.Text
	}
	return join("["+string(m.Type)+"]", m.Text)
}

// changed says what an event did to the message.
func changed(m *inbox.FeedMessage, event channels.Kind) string {
	switch event {
	case channels.KindEdit:
		return "edited"
	case channels.KindDelete:
		return "deleted"
	case channels.KindReaction:
		return "reaction"
	case channels.KindStatus:
		return cmp.Or(string(m.Status), "status")
	}
	return "changed"
}

func join(parts ...string) string {
	var set []string
	for _, part := range parts {
		if part != "" {
			set = append(set, part)
		}
	}
	return strings.Join(set, " ")
}

// single makes one short line of what people wrote, without what could drive the terminal.
func single(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text))
	if len(runes) > longestText {
		return string(runes[:longestText]) + "…"
	}
	return string(runes)
}
