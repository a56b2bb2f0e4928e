package channels

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// Split divides what is too long for one message into several, in the order in which they are to be sent: a text where a reader would
// pause, and a caption that does not fit its file from the file. What needs no division comes back as it is. Choices and templates are never
// divided: [Spec.Check] refuses what is too long of them.
func (s Spec) Split(c Content) []Content {
	switch {
	case c.File != nil && c.Text != "" && !s.captions(*c.File, c.Text):
		file := c
		file.Text = ""
		return append([]Content{file}, s.texts(c.Text)...)
	case len(c.parts()) == 0:
		return s.texts(c.Text)
	}
	return []Content{c}
}

func (s Spec) captions(f File, text string) bool {
	return slices.Contains(s.Sends.Captioned, f.Kind) && s.Sends.Caption.Fits(text)
}

func (s Spec) texts(text string) []Content {
	pieces := s.Text.Split(text)
	all := make([]Content, len(pieces))
	for i, piece := range pieces {
		all[i] = Content{Text: piece}
	}
	return all
}

// pauses are where a text can be divided, the best first. What is left of each stays with the earlier piece.
var pauses = []string{"\n\n", "\n", ". ", "! ", "? ", "。", "; ", ", ", " "}

// Split divides a text into pieces that fit: at the last pause in the second half of what fits, and never within what readers see as one
// character. White space around a division is dropped. The text has at least one piece.
func (l TextLimit) Split(text string) []string {
	var pieces []string
	for !l.Fits(text) {
		end := l.divide(text)
		if piece := strings.TrimSpace(text[:end]); piece != "" {
			pieces = append(pieces, piece)
		}
		text = strings.TrimSpace(text[end:])
	}
	if text != "" || len(pieces) == 0 {
		pieces = append(pieces, text)
	}
	return pieces
}

// divide returns where the first piece of a text that does not fit ends, in bytes.
func (l TextLimit) divide(text string) int {
	most := l.fitting(text)
	for _, pause := range pauses {
		if at := strings.LastIndex(text[:most], pause); at >= most/2 {
			return at + len(pause)
		}
	}
	return most
}

// fitting is the length, in bytes, of the longest start of a text that fits and ends with a whole character; one character at least.
func (l TextLimit) fitting(text string) int {
	length, end := 0, 0
	rest, state := text, -1
	for rest != "" {
		var character string
		character, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		length += l.Unit.Length(character)
		if length > l.Max && end > 0 {
			break
		}
		end += len(character)
		if length > l.Max {
			break
		}
	}
	return end
}
