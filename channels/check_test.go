package channels_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
)

// sending is a channel that can do everything, within limits that are easy to break.
var sending = channels.Spec{
	Title: "Pigeon Post", Text: channels.TextLimit{Max: 20, Unit: channels.Characters},
	Media: []channels.MediaLimit{{Kind: channels.Image, MaxBytes: 1 << 20, Types: []string{"image/png"}}, {Kind: channels.Audio, MaxBytes: 1 << 20}},
	Tag:   &channels.ReplyTag{Name: "HUMAN_AGENT", Window: 1},
	Sends: channels.Abilities{
		Caption: channels.TextLimit{Max: 10, Unit: channels.Characters}, Captioned: []channels.AttachmentKind{channels.Image},
		Places: true, Cards: true, Replies: true, Templates: true,
		Choices: &channels.ChoiceLimit{
			Options: 2, Text: channels.TextLimit{Max: 15, Unit: channels.Characters}, Title: 5, Description: 8, ID: 4, Menu: 6,
		},
		Reactions: &channels.ReactionLimit{Emojis: []string{"👍", "❤", "☀\ufe0f"}},
	},
}

func picture(bytes int64, mime string) *channels.File {
	return &channels.File{Kind: channels.Image, Bytes: bytes, MIME: mime, Key: "k"}
}

func options(options ...channels.Option) *channels.Choices {
	return &channels.Choices{Options: options}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	yes, no := channels.Option{ID: "y", Title: "Yes"}, channels.Option{ID: "n", Title: "No", Description: "rather"}
	for name, test := range map[string]struct {
		content channels.Content
		code    string // of the rejection; empty: it can be sent
		reason  string // a part of it
	}{
		"text":                       {channels.Content{Text: "Hello"}, "", ""},
		"nothing":                    {channels.Content{Text: " \n"}, "empty", "empty"},
		"long text":                  {channels.Content{Text: strings.Repeat("é", 21)}, "too_long", "The text has 21 characters: Pigeon Post takes at most 20."},
		"file":                       {channels.Content{File: picture(1, "image/png")}, "", ""},
		"file with parameters":       {channels.Content{File: picture(1, "image/PNG; q=1")}, "", ""},
		"file with caption":          {channels.Content{Text: "A cat", File: picture(1, "image/png")}, "", ""},
		"long caption":               {channels.Content{Text: "A cat on a mat", File: picture(1, "image/png")}, "too_long", "The caption has 14"},
		"caption of audio":           {channels.Content{Text: "A", File: &channels.File{Kind: channels.Audio}}, "unsupported_caption", "cannot send a text with"},
		"large file":                 {channels.Content{File: picture(3<<19, "image/png")}, "too_large", "1.5 MB: Pigeon Post takes at most 1.0 MB"},
		"another type":               {channels.Content{File: picture(1, "image/webp")}, "media_type", "no image/webp as image, but image/png"},
		"another kind":               {channels.Content{File: &channels.File{Kind: channels.Sticker}}, "unsupported_media", "cannot send a file as sticker"},
		"choices":                    {channels.Content{Text: "Shall we?", Choices: options(yes, no)}, "", ""},
		"choices without a question": {channels.Content{Choices: options(yes)}, "no_question", "need a text"},
		"no choices":                 {channels.Content{Text: "Shall we?", Choices: options()}, "options", "0 choices"},
		"many choices":               {channels.Content{Text: "Shall we?", Choices: options(yes, no, yes)}, "options", "takes 1 to 2"},
		"the same twice":             {channels.Content{Text: "Shall we?", Choices: options(yes, yes)}, "option_id", "Two choices"},
		"a long title":               {channels.Content{Text: "Q", Choices: options(channels.Option{ID: "1", Title: "Perhaps"})}, "too_long", "choice Perhaps has 7"},
		"a long id":                  {channels.Content{Text: "Q", Choices: options(channels.Option{ID: "12345", Title: "A"})}, "option_id", "5 bytes"},
		"a label":                    {channels.Content{Text: "Q", Choices: &channels.Choices{Menu: "Choose", Options: options(yes).Options}}, "", ""},
		"a long label":               {channels.Content{Text: "Q", Choices: &channels.Choices{Menu: "Options", Options: options(yes).Options}}, "too_long", "label of the choices has 7"},
		"a place":                    {channels.Content{Place: &channels.Place{Latitude: 48, Longitude: 11}}, "", ""},
		"no place":                   {channels.Content{Place: &channels.Place{Latitude: 91}}, "place", "no place on earth"},
		"a card":                     {channels.Content{Card: &channels.Card{Name: "Ada", Phones: []string{"+1"}}}, "", ""},
		"half a card":                {channels.Content{Card: &channels.Card{Name: "Ada"}}, "contact", "a name and a phone number"},
		"a template":                 {channels.Content{Template: &channels.TemplateMessage{Name: "hello", Language: "en"}}, "", ""},
		"a template without name":    {channels.Content{Template: &channels.TemplateMessage{}}, "template", "its name"},
		"a reaction":                 {channels.Content{Reaction: &channels.SentReaction{Target: "m", Emoji: "👍"}}, "", ""},
		"its removal":                {channels.Content{Reaction: &channels.SentReaction{Target: "m"}}, "", ""},
		"a plainer reaction":         {channels.Content{Reaction: &channels.SentReaction{Target: "m", Emoji: "☀"}}, "", ""},
		"a more colourful reaction":  {channels.Content{Reaction: &channels.SentReaction{Target: "m", Emoji: "❤\ufe0f"}}, "", ""},
		"another reaction":           {channels.Content{Reaction: &channels.SentReaction{Target: "m", Emoji: "🦄"}}, "reaction_emoji", "does not take 🦄"},
		"two at once": {
			channels.Content{Place: &channels.Place{}, File: picture(1, "image/png")}, "mixed", "cannot be both a file and a place",
		},
		"a text with a place": {channels.Content{Text: "here", Place: &channels.Place{}}, "mixed", "both a place and a text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRejection(t, sending.Check(channels.Outgoing{Content: test.content}), test.code, test.reason)
		})
	}
}

// A label is only checked where choices are behind a menu.
func TestCheckOfALabelThatNobodySees(t *testing.T) {
	t.Parallel()
	buttons := sending
	buttons.Sends.Choices = &channels.ChoiceLimit{Options: 1, Text: sending.Text, Title: 5, ID: 4}
	choices := options(channels.Option{ID: "y", Title: "Yes"})
	choices.Menu = "More than six characters"
	checkRejection(t, buttons.Check(channels.Outgoing{Content: channels.Content{Text: "Q", Choices: choices}}), "", "")
}

// A channel of which the spec says nothing more can send texts, and says of everything else that it cannot.
func TestCheckOfAChannelThatCanDoLittle(t *testing.T) {
	t.Parallel()
	little := channels.Spec{Title: "Drums", Text: channels.TextLimit{Max: 20, Unit: channels.Characters}}
	for code, o := range map[string]channels.Outgoing{
		"":                     {Content: channels.Content{Text: "Hello"}},
		"unsupported_media":    {Content: channels.Content{File: picture(1, "image/png")}},
		"unsupported_choices":  {Content: channels.Content{Text: "Q", Choices: options(channels.Option{ID: "1", Title: "A"})}},
		"unsupported_place":    {Content: channels.Content{Place: &channels.Place{}}},
		"unsupported_contact":  {Content: channels.Content{Card: &channels.Card{Name: "Ada", Phones: []string{"+1"}}}},
		"unsupported_template": {Content: channels.Content{Template: &channels.TemplateMessage{Name: "a", Language: "en"}}},
		"unsupported_reaction": {Content: channels.Content{Reaction: &channels.SentReaction{Target: "m", Emoji: "👍"}}},
		"unsupported_reply":    {ReplyTo: "m", Content: channels.Content{Text: "Hello"}},
		"unsupported_tag":      {Tag: "HUMAN_AGENT", Content: channels.Content{Text: "Hello"}},
	} {
		checkRejection(t, little.Check(o), code, "Drums cannot")
	}
}

// checkRejection wants a rejection with the code and a part of its reason, or no error without a code.
func checkRejection(t *testing.T, err error, code, reason string) {
	t.Helper()
	var rejection *channels.RejectedError
	switch {
	case code == "" && err != nil:
		t.Errorf("refused: %v", err)
	case code == "":
	case !errors.As(err, &rejection) || rejection.Code != code || !strings.Contains(rejection.Reason, reason):
		t.Errorf("refused with %v, want the code %s and a reason with %q", err, code, reason)
	}
}

func TestSplitOfContent(t *testing.T) {
	t.Parallel()
	image, voice := picture(1, "image/png"), &channels.File{Kind: channels.Audio}
	long := "It is long, and longer than that"
	for name, test := range map[string]struct {
		content channels.Content
		want    []channels.Content
	}{
		"a text":               {channels.Content{Text: "Hello"}, []channels.Content{{Text: "Hello"}}},
		"a long text":          {channels.Content{Text: long}, []channels.Content{{Text: "It is long,"}, {Text: "and longer than that"}}},
		"a caption":            {channels.Content{Text: "A cat", File: image}, []channels.Content{{Text: "A cat", File: image}}},
		"a long caption":       {channels.Content{Text: long, File: image}, []channels.Content{{File: image}, {Text: "It is long,"}, {Text: "and longer than that"}}},
		"a kind without":       {channels.Content{Text: "A song", File: voice}, []channels.Content{{File: voice}, {Text: "A song"}}},
		"a long question":      {channels.Content{Text: long, Choices: options()}, []channels.Content{{Text: long, Choices: options()}}},
		"something by itself":  {channels.Content{Place: &channels.Place{}}, []channels.Content{{Place: &channels.Place{}}}},
		"nothing becomes that": {channels.Content{}, []channels.Content{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, sending.Split(test.content)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
