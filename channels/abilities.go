package channels

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
}

// ReactionLimit bounds [SentReaction].
type ReactionLimit struct {
	Emojis []string `json:"emojis,omitempty"` // the only ones; nil: any
}
