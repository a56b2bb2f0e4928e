package inbox_test

import (
	"errors"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// Windows as the platforms have them: with templates after it, with a tag for people after it, and without any.
var (
	withTemplates = channels.Spec{Title: "Templates", Window: 24 * time.Hour, Sends: channels.Abilities{Templates: true}}
	withTag       = channels.Spec{Title: "Tags", Window: 24 * time.Hour, Tag: &channels.ReplyTag{Name: "HUMAN_AGENT", Window: 7 * 24 * time.Hour}}
	withoutWindow = channels.Spec{Title: "Open"}
)

func TestMayAnswer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	text := channels.Content{Text: "hello"}
	template := channels.Content{Template: &channels.TemplateMessage{Name: "again", Language: "en"}}
	for name, test := range map[string]struct {
		spec   channels.Spec
		wrote  time.Duration // before now; 0: never
		window time.Duration // that is open, after the customer wrote
		draft  inbox.Draft
		want   string // the reason; empty: it may be sent
	}{
		"in the window":           {withTemplates, 23 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text}, ""},
		"in its last moment":      {withTemplates, 24*time.Hour - 1, 24 * time.Hour, inbox.Draft{Content: text}, ""},
		"as it closes":            {withTemplates, 24 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text}, "The time in which Templates allows answers ended less than a minute ago. Send a template."},
		"after it":                {withTemplates, 27 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text}, "The time in which Templates allows answers ended 3 hours ago. Send a template."},
		"a template after it":     {withTemplates, 27 * time.Hour, 24 * time.Hour, inbox.Draft{Content: template}, ""},
		"a template, unasked":     {withTemplates, 0, 0, inbox.Draft{Content: template}, ""},
		"unasked":                 {withTemplates, 0, 0, inbox.Draft{Content: text}, "Templates allows no answer before the customer has written. Send a template."},
		"a person, after it":      {withTag, 48 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text, Human: true}, "The time in which Tags allows answers ended 24 hours ago. A person may still answer for 5 days, with the tag HUMAN_AGENT."},
		"a person with the tag":   {withTag, 48 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text, Human: true, Tag: "HUMAN_AGENT"}, ""},
		"a program with the tag":  {withTag, 48 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text, Tag: "HUMAN_AGENT"}, "Tags allows the tag HUMAN_AGENT for what a person wrote only."},
		"a program, after it":     {withTag, 48 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text}, "The time in which Tags allows answers ended 24 hours ago. Only a person may still answer, for 5 days."},
		"the tag, after a week":   {withTag, 169 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text, Human: true, Tag: "HUMAN_AGENT"}, "The time in which Tags allows answers ended 6 days ago."},
		"another tag":             {withTag, 48 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text, Human: true, Tag: "OTHER"}, "The time in which Tags allows answers ended 24 hours ago. A person may still answer for 5 days, with the tag HUMAN_AGENT."},
		"no windows":              {withoutWindow, 1000 * time.Hour, 0, inbox.Draft{Content: text}, ""},
		"no windows, unasked":     {withoutWindow, 0, 0, inbox.Draft{Content: text}, ""},
		"a window of its own":     {withoutWindow, 25 * time.Hour, 24 * time.Hour, inbox.Draft{Content: text}, "The time in which Open allows answers ended 1 hour ago."},
		"a window that is longer": {withTemplates, 27 * time.Hour, 72 * time.Hour, inbox.Draft{Content: text}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var chat inbox.Chat
			if test.wrote > 0 {
				chat.Date(channels.In, now.Add(-test.wrote), false, test.window)
			}
			err := chat.MayAnswer(test.spec, test.draft, now)
			var rejected *channels.RejectedError
			switch {
			case test.want == "" && err != nil:
				t.Errorf("it may be sent, got %v", err)
			case test.want != "" && (!errors.As(err, &rejected) || rejected.Reason != test.want):
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestAWindowNeverShrinks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var c inbox.Conversation
	c.OpenWindow(at, 72*time.Hour)
	c.Date(channels.In, at.Add(time.Hour), false, 24*time.Hour)
	c.OpenWindow(at, 0)
	if want := at.Add(72 * time.Hour); !c.WindowExpiresAt.Equal(want) {
		t.Errorf("%s, want %s", c.WindowExpiresAt, want)
	}
}
