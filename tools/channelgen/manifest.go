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
	Title   string             `json:"title"`
	Docs    string             `json:"docs"`
	Routes  []route            `json:"routes"`
	Secrets []channels.Secret  `json:"secrets"`
	Text    channels.TextLimit `json:"text"`
	Media   []manifestMedia    `json:"media"`
	Window  int64              `json:"window_seconds"` // 0: no limit
	Tag     *manifestTag       `json:"tag"`
	Extras  []string           `json:"extras"`
}

type manifestMedia struct {
	Kind     channels.AttachmentKind `json:"kind"`
	MaxBytes int64                   `json:"max_bytes"`
	Types    []string                `json:"types"` // none: any
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
		Title:   c.Title,
		Docs:    c.Docs,
		Routes:  c.Routes,
		Secrets: c.Secrets,
		Text:    c.Text,
		Media:   []manifestMedia{},
		Window:  int64(c.Window / time.Second),
		Extras:  append([]string{}, c.Extras...),
	}
	for _, media := range c.Media {
		m.Media = append(m.Media, manifestMedia{media.Kind, media.MaxBytes, append([]string{}, media.Types...)})
	}
	if c.Tag != nil {
		m.Tag = &manifestTag{c.Tag.Name, int64(c.Tag.Window / time.Second)}
	}
	return m
}
