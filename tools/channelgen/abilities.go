package main

import (
	"fmt"
	"strings"

	"omni/channels"
)

// abilities says in a few lines what a channel sends besides texts and files. A channel that sends nothing else has none.
func abilities(a channels.Abilities) []string {
	var lines []string
	if len(a.Captioned) > 0 {
		lines = append(lines, fmt.Sprintf("A text with a file: %s beside %s", textLimit(a.Caption), joinKinds(a.Captioned)))
	}
	if c := a.Choices; c != nil {
		line := fmt.Sprintf("Choices: at most %d, titles of %d characters", c.Options, c.Title)
		if c.Description > 0 {
			line += fmt.Sprintf(", descriptions of %d", c.Description)
		}
		lines = append(lines, line+", below a text of "+textLimit(c.Text))
	}
	if r := a.Reactions; r != nil {
		if r.Emojis == nil {
			lines = append(lines, "Reactions: any emoji")
		} else {
			lines = append(lines, "Reactions: "+strings.Join(r.Emojis, " "))
		}
	}
	if others := otherAbilities(a); len(others) > 0 {
		lines = append(lines, "Can be sent too: "+strings.Join(others, ", "))
	}
	return lines
}

func joinKinds(kinds []channels.AttachmentKind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

func otherAbilities(a channels.Abilities) []string {
	var names []string
	for _, one := range []struct {
		has  bool
		name string
	}{
		{a.Places, "places"}, {a.Cards, "contact cards"}, {a.Replies, "answers to a certain message"}, {a.Templates, "approved templates"},
	} {
		if one.has {
			names = append(names, one.name)
		}
	}
	return names
}
