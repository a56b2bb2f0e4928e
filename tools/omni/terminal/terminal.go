// Package terminal makes texts of others fit for a terminal: platforms, customers and dead letters can hold what would drive it.
package terminal

import (
	"fmt"
	"strings"
)

// Lines keeps the lines and tabs of a text and makes every other control character visible.
func Lines(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			fmt.Fprintf(&out, "\\x%02x", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// Line makes one line of a text, of at most so many characters; 0: as long as it is. White space of any kind becomes one space.
func Line(text string, longest int) string {
	line := strings.Join(strings.Fields(Lines(text)), " ")
	if runes := []rune(line); longest > 0 && len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return line
}
