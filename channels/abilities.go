package channels

import (
	"slices"
	"strings"
)

// Abilities are what can be sent besides a text and the kinds of file in [Spec.Media]. The zero value: nothing.
type Abilities struct {
	Caption   TextLimit        `json:"caption"`             // longest text beside a file; Max 0: a file goes without
	Captioned []AttachmentKind `json:"captioned,omitempty"` // kinds of file that can have a caption
	Places    bool             `json:"places,omitempty"`
	Cards     bool             `json:"cards,omitempty"`
	Replies   bool             `json:"replies,omitempty"`   // an answer to a certain message is shown as one
	Templates bool             `json:"templates,omitempty"` // messages that the platform approved
	Choices   *ChoiceLimit     `json:"choices,omitempty"`   // nil: nothing can be offered to pick from
	Reactions *ReactionLimit   `json:"reactions,omitempty"` // nil: we cannot react
}

// ChoiceLimit bounds [Choices].
type ChoiceLimit struct {
	Options     int       `json:"options"`               // most of them
	Text        TextLimit `json:"text"`                  // what they answer
	Title       int       `json:"title"`                 // of an option, in characters
	Description int       `json:"description,omitempty"` // of an option, in characters; 0: an option has none
	ID          int       `json:"id"`                    // of an option, in bytes
	Menu        int       `json:"menu,omitempty"`        // of [Choices.Menu], in characters; 0: the options are never behind a menu
}

// ReactionLimit bounds [SentReaction].
type ReactionLimit struct {
	Emojis []string `json:"emojis,omitempty"` // the only ones, with or without U+FE0F; nil: any
}

func (l ReactionLimit) takes(emoji string) bool {
	return l.Emojis == nil || slices.ContainsFunc(l.Emojis, func(known string) bool { return PlainEmoji(known) == PlainEmoji(emoji) })
}

// PlainEmoji is an emoji without U+FE0F, which some keyboards add and others leave away: ❤ and ❤️ are the same heart.
func PlainEmoji(emoji string) string { return strings.ReplaceAll(emoji, "\ufe0f", "") }
