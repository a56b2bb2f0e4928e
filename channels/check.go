package channels

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Length is how long a text is in the unit.
func (u TextUnit) Length(text string) int {
	switch u {
	case Bytes:
		return len(text)
	case UTF16Units:
		return len(utf16.Encode([]rune(text)))
	}
	return utf8.RuneCountInString(text)
}

// Fits reports whether the text is not too long.
func (l TextLimit) Fits(text string) bool { return l.Unit.Length(text) <= l.Max }

// Check reports whether the channel can deliver a message, as far as that follows from the spec: a [RejectedError] says what is wrong with
// it, to the agent who wrote it. Too long a text is an error here; [Spec.Split] divides it beforehand.
func (s Spec) Check(o Outgoing) error {
	if err := s.checkParts(o.Content); err != nil {
		return err
	}
	if o.ReplyTo != "" && !s.Sends.Replies {
		return s.cannot("reply", "answer a certain message")
	}
	if o.Tag != "" && (s.Tag == nil || s.Tag.Name != o.Tag) {
		return s.cannot("tag", "send with the tag "+o.Tag)
	}
	return nil
}

func (s Spec) checkParts(c Content) error {
	switch parts := c.parts(); {
	case len(parts) > 1:
		return Reject("mixed", "A message cannot be both "+strings.Join(parts, " and ")+": send them one after the other.", nil)
	case len(parts) == 0 && strings.TrimSpace(c.Text) == "":
		return Reject("empty", "The message is empty.", nil)
	}
	switch {
	case c.File != nil:
		return s.checkFile(*c.File, c.Text)
	case c.Choices != nil:
		return s.checkChoices(*c.Choices, c.Text)
	case c.Reaction != nil:
		return s.checkReaction(*c.Reaction)
	case c.Place != nil:
		return s.checkPlace(*c.Place)
	case c.Card != nil:
		return s.checkCard(*c.Card)
	case c.Template != nil:
		return s.checkTemplate(*c.Template)
	}
	return s.checkText("text", c.Text, s.Text)
}

// parts names what the content consists of besides a text that accompanies it.
func (c Content) parts() []string {
	var parts []string
	for _, part := range []struct {
		name string
		is   bool
	}{
		{"a file", c.File != nil}, {"a choice", c.Choices != nil}, {"a place", c.Place != nil}, {"a contact", c.Card != nil},
		{"a template", c.Template != nil}, {"a reaction", c.Reaction != nil},
		{"a text", c.Text != "" && (c.Place != nil || c.Card != nil || c.Template != nil || c.Reaction != nil)},
	} {
		if part.is {
			parts = append(parts, part.name)
		}
	}
	return parts
}

// cannot says that the channel does not have something.
func (s Spec) cannot(code, what string) error {
	return Reject("unsupported_"+code, fmt.Sprintf("%s cannot %s.", s.Title, what), nil)
}

// unitNames are how agents are told of units.
var unitNames = map[TextUnit]string{Characters: "characters", UTF16Units: "characters", Bytes: "bytes"}

func (s Spec) checkText(what, text string, limit TextLimit) error {
	if limit.Fits(text) {
		return nil
	}
	return Reject("too_long", fmt.Sprintf("The %s has %d %s: %s takes at most %d.",
		what, limit.Unit.Length(text), unitNames[limit.Unit], s.Title, limit.Max), nil)
}

func (s Spec) checkFile(f File, caption string) error {
	n := slices.IndexFunc(s.Media, func(m MediaLimit) bool { return m.Kind == f.Kind })
	if n < 0 {
		return s.cannot("media", "send a file as "+string(f.Kind))
	}
	limit := s.Media[n]
	if f.Bytes > limit.MaxBytes {
		return Reject("too_large", fmt.Sprintf("The file has %s: %s takes at most %s as %s.",
			megabytes(f.Bytes), s.Title, megabytes(limit.MaxBytes), limit.Kind), nil)
	}
	mime, _, _ := strings.Cut(f.MIME, ";")
	if len(limit.Types) > 0 && !slices.Contains(limit.Types, strings.ToLower(strings.TrimSpace(mime))) {
		return Reject("media_type", fmt.Sprintf("%s takes no %s as %s, but %s.", s.Title, f.MIME, limit.Kind, strings.Join(limit.Types, ", ")), nil)
	}
	if caption == "" {
		return nil
	}
	if !slices.Contains(s.Sends.Captioned, f.Kind) {
		return s.cannot("caption", "send a text with a file of kind "+string(f.Kind))
	}
	return s.checkText("caption", caption, s.Sends.Caption)
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)) }

func (s Spec) checkChoices(c Choices, text string) error {
	limit := s.Sends.Choices
	switch {
	case limit == nil:
		return s.cannot("choices", "offer choices")
	case strings.TrimSpace(text) == "":
		return Reject("no_question", "Choices need a text that they answer.", nil)
	case len(c.Options) == 0 || len(c.Options) > limit.Options:
		return Reject("options", fmt.Sprintf("There are %d choices: %s takes 1 to %d.", len(c.Options), s.Title, limit.Options), nil)
	}
	if limit.Menu > 0 {
		if err := s.checkText("label of the choices", c.Menu, TextLimit{Max: limit.Menu, Unit: Characters}); err != nil {
			return err
		}
	}
	return s.checkOptions(c.Options, *limit, text)
}

func (s Spec) checkOptions(options []Option, limit ChoiceLimit, text string) error {
	seen := map[string]bool{}
	for _, option := range options {
		if err := s.checkOption(option, limit); err != nil {
			return err
		}
		if seen[option.ID] {
			return Reject("option_id", fmt.Sprintf("Two choices have the id %q.", option.ID), nil)
		}
		seen[option.ID] = true
	}
	return s.checkText("text", text, limit.Text)
}

func (s Spec) checkOption(o Option, limit ChoiceLimit) error {
	switch {
	case o.Title == "" || o.ID == "":
		return Reject("option", "Each choice needs a title and an id.", nil)
	case len(o.ID) > limit.ID:
		return Reject("option_id", fmt.Sprintf("The id of the choice %q has %d bytes: %s takes at most %d.", o.Title, len(o.ID), s.Title, limit.ID), nil)
	case o.Description != "" && limit.Description == 0:
		return s.cannot("description", "describe choices")
	}
	if err := s.checkText("choice "+o.Title, o.Title, TextLimit{Max: limit.Title, Unit: Characters}); err != nil {
		return err
	}
	return s.checkText("description of "+o.Title, o.Description, TextLimit{Max: limit.Description, Unit: Characters})
}

func (s Spec) checkReaction(r SentReaction) error {
	limit := s.Sends.Reactions
	switch {
	case limit == nil:
		return s.cannot("reaction", "react to a message")
	case r.Target == "":
		return Reject("reaction_target", "A reaction needs the message that it is about.", nil)
	case r.Emoji != "" && !limit.takes(r.Emoji):
		return Reject("reaction_emoji", fmt.Sprintf("%s does not take %s as a reaction.", s.Title, r.Emoji), nil)
	}
	return nil
}

func (s Spec) checkPlace(p Place) error {
	switch {
	case !s.Sends.Places:
		return s.cannot("place", "send a place")
	case p.Latitude < -90 || p.Latitude > 90 || p.Longitude < -180 || p.Longitude > 180:
		return Reject("place", fmt.Sprintf("%g, %g is no place on earth.", p.Latitude, p.Longitude), nil)
	}
	return nil
}

func (s Spec) checkCard(c Card) error {
	switch {
	case !s.Sends.Cards:
		return s.cannot("contact", "send a contact card")
	case c.Name == "" || len(c.Phones) == 0:
		return Reject("contact", "A contact card needs a name and a phone number.", nil)
	}
	return nil
}

func (s Spec) checkTemplate(t TemplateMessage) error {
	switch {
	case !s.Sends.Templates:
		return s.cannot("template", "send templates")
	case t.Name == "" || t.Language == "":
		return Reject("template", "A template needs its name and its language.", nil)
	case len(t.Header) > 0 && t.HeaderFile != nil:
		return Reject("template", "The header of a template is a text or a file, not both.", nil)
	case len(t.Body) > 0 && len(t.Named) > 0:
		return Reject("template", "The gaps of a template are numbered or named, not both.", nil)
	case t.HeaderFile != nil:
		return s.checkFile(*t.HeaderFile, "")
	}
	return nil
}
