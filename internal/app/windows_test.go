package app_test

import (
	"errors"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// What each channel allows, by how long ago the customer wrote. Sources are in the channels' own READMEs.
func TestReplyWindowsOfEveryChannel(t *testing.T) {
	t.Parallel()
	const never = -1
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	text := channels.Content{Text: "hello"}
	template := channels.Content{Template: &channels.TemplateMessage{Name: "again", Language: "en"}}
	person := func(tag string) inbox.Draft { return inbox.Draft{Human: true, Tag: tag, Content: text} }
	program := func(tag string) inbox.Draft { return inbox.Draft{Tag: tag, Content: text} }
	for _, test := range []struct {
		channel string
		wrote   time.Duration // before now
		draft   inbox.Draft
		refused string // code; empty: it may be sent
	}{
		{"whatsapp", day - time.Second, person(""), ""},
		{"whatsapp", day, person(""), "window_closed"},
		{"whatsapp", day, inbox.Draft{Content: template}, ""},
		{"whatsapp", never, inbox.Draft{Content: template}, ""},
		{"whatsapp", never, person(""), "window_closed"},
		{"messenger", day - time.Second, program(""), ""},
		{"messenger", day, program(""), "window_closed"},
		{"messenger", day, person(""), "window_closed"},
		{"messenger", day, person("HUMAN_AGENT"), ""},
		{"messenger", 7*day - time.Second, person("HUMAN_AGENT"), ""},
		{"messenger", 7 * day, person("HUMAN_AGENT"), "window_closed"},
		{"messenger", day, program("HUMAN_AGENT"), "tag_needs_human"},
		{"messenger", time.Hour, program("HUMAN_AGENT"), "tag_needs_human"},
		{"messenger", never, person("HUMAN_AGENT"), "window_closed"},
		{"instagram", day - time.Second, program(""), ""},
		{"instagram", day, person(""), "window_closed"},
		{"instagram", 7*day - time.Second, person("HUMAN_AGENT"), ""},
		{"instagram", 7 * day, person("HUMAN_AGENT"), "window_closed"},
		{"instagram", day, program("HUMAN_AGENT"), "tag_needs_human"},
		{"telegram", 1000 * day, program(""), ""},
		{"telegram", never, program(""), ""},
	} {
		spec, _ := channels.Lookup(test.channel)
		var chat inbox.Chat
		if test.wrote != never {
			chat.Date(channels.In, now.Add(-test.wrote), false, spec.Window)
		}
		err := chat.MayAnswer(spec, test.draft, now)
		var rejected *channels.RejectedError
		if got := errors.As(err, &rejected); got != (test.refused != "") || got && rejected.Code != test.refused {
			t.Errorf("%s, %s after the customer wrote, %+v: got %v, want %q", test.channel, test.wrote, test.draft, err, test.refused)
		}
	}

	business, _ := channels.Lookup("telegram") // a business account's chat has a window of its own
	var chat inbox.Chat
	chat.Date(channels.In, now.Add(-day), false, day)
	if err := chat.MayAnswer(business, person(""), now); err == nil {
		t.Error("telegram: a business account's chat is open after a day")
	}
}
