package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"omni/channels"
)

// manifest is a channel in channels.json. Every key is always there and a list is never null, so that all channels have one shape for
// Terraform.
type manifest struct {
	Title    string             `json:"title"`
	Docs     string             `json:"docs"`
	Routes   []route            `json:"routes"`
	Hosted   bool               `json:"hosted"` // its platform is this product: its visitors call us
	Secrets  []channels.Secret  `json:"secrets"`
	Text     channels.TextLimit `json:"text"`
	Media    []manifestMedia    `json:"media"`
	Sends    manifestSends      `json:"sends"`
	Window   int64              `json:"window_seconds"` // 0: no limit
	Tag      *manifestTag       `json:"tag"`
	Rate     float64            `json:"rate"`             // messages a second; 0: the platform does not say
	Confirms int64              `json:"confirms_seconds"` // 0: the platform takes no handle
	Extras   []string           `json:"extras"`
}

type manifestMedia struct {
	Kind     channels.AttachmentKind `json:"kind"`
	MaxBytes int64                   `json:"max_bytes"`
	Types    []string                `json:"types"` // none: any
}

// manifestSends is what can be sent besides texts and files.
type manifestSends struct {
	Caption   *channels.TextLimit       `json:"caption"`   // null: a file goes without a text
	Captioned []channels.AttachmentKind `json:"captioned"` // kinds of file that can have one
	Places    bool                      `json:"places"`
	Cards     bool                      `json:"cards"`
	Replies   bool                      `json:"replies"`
	Templates bool                      `json:"templates"`
	Choices   *manifestChoices          `json:"choices"`   // null: nothing can be offered to pick from
	Reactions *manifestReactions        `json:"reactions"` // null: we cannot react
}

// manifestChoices is [channels.ChoiceLimit] with all its keys.
type manifestChoices struct {
	Options     int                `json:"options"`
	Text        channels.TextLimit `json:"text"`
	Title       int                `json:"title"`
	Description int                `json:"description"` // 0: an option has none
	ID          int                `json:"id"`
	Menu        int                `json:"menu"` // 0: the options are never behind a menu
}

type manifestReactions struct {
	Emojis []string `json:"emojis"` // none: any
}

type manifestTag struct {
	Name   string `json:"name"`
	Window int64  `json:"window_seconds"`
}

// renderManifest makes channels.json: an object of the channels by name.
func renderManifest(list []channel) ([]byte, error) {
	byName := make(map[string]manifest, len(list))
	for _, c := range list {
		byName[c.Name] = manifestOf(c)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b) // it sorts the names
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(byName); err != nil {
		return nil, fmt.Errorf("rendering gen/channels.json: %w", err)
	}
	return b.Bytes(), nil
}

func manifestOf(c channel) manifest {
	m := manifest{
		Title:    c.Title,
		Docs:     c.Docs,
		Routes:   c.Routes,
		Hosted:   c.Host,
		Secrets:  c.Secrets,
		Text:     c.Text,
		Media:    []manifestMedia{},
		Sends:    sendsOf(c.Sends),
		Window:   seconds(c.Window),
		Rate:     c.Rate,
		Confirms: seconds(c.Confirms),
		Extras:   append([]string{}, c.Extras...),
	}
	for _, media := range c.Media {
		m.Media = append(m.Media, manifestMedia{media.Kind, media.MaxBytes, append([]string{}, media.Types...)})
	}
	if c.Tag != nil {
		m.Tag = &manifestTag{c.Tag.Name, seconds(c.Tag.Window)}
	}
	return m
}

// seconds rounds up, so that a limit of half a second is not none.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

func sendsOf(a channels.Abilities) manifestSends {
	m := manifestSends{
		Captioned: append([]channels.AttachmentKind{}, a.Captioned...),
		Places:    a.Places, Cards: a.Cards, Replies: a.Replies, Templates: a.Templates,
	}
	if a.Choices != nil {
		choices := manifestChoices(*a.Choices)
		m.Choices = &choices
	}
	if len(a.Captioned) > 0 {
		m.Caption = &a.Caption
	}
	if a.Reactions != nil {
		m.Reactions = &manifestReactions{append([]string{}, a.Reactions.Emojis...)}
	}
	return m
}
