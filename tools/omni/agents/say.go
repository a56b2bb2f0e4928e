package agents

import (
	"fmt"
	"strings"

	"omni/channels"
)

// A way is something that an agent can say where the channel has it.
type way struct {
	weight int
	can    func(channels.Spec, question) bool // nil: always
	say    func(*answer, channels.Spec, question, string)
}

// ways are drawn by their weight. Each says the words that are its argument, by which the platform's side of it is found.
var ways = []way{
	{weight: 12, say: func(one *answer, _ channels.Spec, _ question, words string) { one.draft.Content.Text = words }},
	{weight: 3,
		can: func(s channels.Spec, _ question) bool { return s.Sends.Replies },
		say: func(one *answer, _ channels.Spec, q question, words string) {
			one.draft.Content.Text, one.draft.ReplyTo = words, q.row
		}},
	{weight: 1,
		say: func(one *answer, s channels.Spec, _ question, words string) {
			one.draft.Content.Text = long(words, s.Text.Max*3/2)
		}},
	{weight: 1,
		can: func(s channels.Spec, q question) bool { return s.Sends.Choices != nil && !q.group },
		say: func(one *answer, _ channels.Spec, _ question, words string) {
			one.draft.Content.Text = words
			one.draft.Content.Choices = &channels.Choices{Options: []channels.Option{{ID: "yes", Title: "Yes"}, {ID: "no", Title: "No"}}}
		}},
	{weight: 1,
		can: func(s channels.Spec, _ question) bool { return s.Sends.Places },
		say: func(one *answer, _ channels.Spec, _ question, words string) {
			one.draft.Content.Place = &channels.Place{Latitude: 50.0755, Longitude: 14.4378, Name: words, Address: "here"}
		}},
	{weight: 2,
		can: func(s channels.Spec, _ question) bool { return s.Sends.Reactions != nil },
		say: func(one *answer, s channels.Spec, q question, _ string) {
			emoji := "👍"
			if known := s.Sends.Reactions.Emojis; len(known) > 0 {
				emoji = known[0]
			}
			one.draft.Content.Reaction, one.draft.ReplyTo, one.target = &channels.SentReaction{Emoji: emoji}, q.row, q.id
		}},
}

// say decides what the n-th answer of the run says.
func (a *Agents) say(one *answer, q question, n int) {
	spec, _ := channels.Lookup(q.channel)
	var possible []way
	for _, w := range ways {
		if w.can == nil || w.can(spec, q) {
			for range w.weight {
				possible = append(possible, w)
			}
		}
	}
	sentences := []string{"Yes, it is back.", "We open at nine.", "It left us on Monday.", "Gern geschehen!", "Sí, también a España.", "👋 Hello again."}
	words := fmt.Sprintf("%s [%s]", sentences[a.rand.IntN(len(sentences))], a.mark(n))
	possible[a.rand.IntN(len(possible))].say(one, spec, q, words)
}

// mark is in the words of the n-th answer, and of no other of any run.
func (a *Agents) mark(n int) string { return fmt.Sprintf("%s/%d", a.o.Run, n) }

// long repeats words, numbered, until there are so many characters.
func long(words string, most int) string {
	var text strings.Builder
	for n := 1; text.Len() < most; n++ {
		fmt.Fprintf(&text, "%d. %s\n", n, words)
	}
	return strings.TrimSpace(text.String())
}
