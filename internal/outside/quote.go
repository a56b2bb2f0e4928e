package outside

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"omni/channels"
)

// shortestQuote is the length from which on a text is taken out of an error: a shorter one would be taken out of other words too.
const shortestQuote = 4

// unquoted is an error about a message without the message: platforms repeat in their errors what they were told, and errors are logged.
func unquoted(err error, o channels.Outgoing) string {
	said := append(recipients(o), words(o.Content)...)
	said = slices.DeleteFunc(said, func(text string) bool { return len(text) < shortestQuote })
	slices.SortFunc(said, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // a text may contain others
	return channels.Hide(err.Error(), said...)
}

// recipients are the ids of whoever a message is for.
func recipients(o channels.Outgoing) []string {
	ids := append([]string{o.Thread}, strings.Split(o.Thread, ":")...)
	for _, id := range o.To {
		ids = append(ids, strings.TrimPrefix(id.Value, "+"))
	}
	return ids
}

// words are everything that the customer reads.
func words(c channels.Content) []string {
	said := append([]string{c.Text}, strings.Split(c.Text, "\n")...)
	if c.File != nil {
		said = append(said, c.File.Name, c.File.Link)
	}
	if c.Choices != nil {
		for _, option := range c.Choices.Options {
			said = append(said, option.ID, option.Title, option.Description)
		}
	}
	if c.Place != nil {
		said = append(said, c.Place.Name, c.Place.Address)
	}
	if c.Card != nil {
		said = append(said, c.Card.Name, c.Card.Organization, c.Card.VCard)
		said = append(append(said, c.Card.Phones...), c.Card.Emails...)
	}
	if t := c.Template; t != nil {
		said = append(append(said, t.Header...), t.Body...)
		said = append(said, slices.Collect(maps.Values(t.Named))...)
		for _, button := range t.Buttons {
			said = append(said, button.Value)
		}
	}
	return said
}
