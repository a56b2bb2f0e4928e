package graph

import (
	"omni/channels"
	"omni/channels/internal/wire"
)

// attachmentKinds are Meta's types of attachments. What is not listed is one that we cannot show.
var attachmentKinds = map[string]channels.AttachmentKind{
	"image":               channels.Image,
	"video":               channels.Video,
	"audio":               channels.Audio,
	"file":                channels.Document,
	"sticker":             channels.Sticker,
	"location":            channels.Location,
	"fallback":            channels.Fallback,
	"template":            channels.Template,
	"appointment_booking": channels.Appointment,
	"post":                channels.Post,
	"ig_post":             channels.Post,
	"reel":                channels.Reel,
	"ig_reel":             channels.Reel,
	"story":               channels.StoryShare,
	"ig_story":            channels.StoryShare,
	"story_mention":       channels.StoryMention,
	"share":               channels.Share,
	"media":               channels.Share,
	"ephemeral":           channels.Ephemeral,
	"like_heart":          channels.LikeHeart,
	"unsupported_type":    channels.Unsupported,
}

// attached is an attachment with the platform's own type.
type attached struct {
	channels.Attachment
	typ string
}

func readAttachments(message wire.Object, notes notes) []channels.Attachment {
	sticker := message.ID("sticker_id")
	var list []attached
	for _, raw := range message.List("attachments") {
		o, _ := wire.ParseObject(raw) // what is no object is an attachment without a type
		list = append(list, readAttachment(o, sticker, notes))
	}
	if len(list) == 0 && sticker != "" {
		return []channels.Attachment{{Kind: channels.Sticker, SharedID: sticker}}
	}
	var attachments []channels.Attachment
	for _, a := range dropTwins(list) {
		attachments = append(attachments, a.Attachment)
	}
	return attachments
}

func readAttachment(o wire.Object, sticker string, notes notes) attached {
	typ, payload := o.String("type"), o.Object("payload")
	a := attached{typ: typ, Attachment: channels.Attachment{Kind: attachmentKinds[typ]}}
	if a.Kind == "" {
		a.Kind = channels.Unsupported
		notes.add("attachment_type", typ)
	}
	a.URL = link(o, payload, notes)
	a.Title = title(o, payload)
	a.SharedID = payload.FirstID("sticker_id", "reel_video_id", "ig_post_media_id", "story_media_id", "booking_id", "id")
	switch a.Kind {
	case channels.Image:
		asSticker(&a.Attachment, payload, sticker)
	case channels.Location:
		a.Place = place(payload)
	case channels.Template:
		a.SharedID = product(payload).ID("id")
	case channels.Appointment:
		a.Starts, a.Ends = payload.Time("start_time"), payload.Time("end_time")
		a.Value = payload.String("status")
		notes.add("timezone", payload.String("timezone"))
	}
	return a
}

// link is where the attachment is found. Meta sends names and paths in the same place: they are no links.
func link(o, payload wire.Object, notes notes) string {
	for _, given := range []string{payload.String("url"), payload.String("story_media_url"), o.String("url")} {
		if url := wire.WebURL(given); url != "" {
			return url
		}
		notes.add("link", given)
	}
	return ""
}

func title(o, payload wire.Object) string {
	candidates := []string{payload.String("title"), o.String("title"), product(payload).String("title")}
	if elements := payload.Objects("elements"); len(elements) > 0 {
		candidates = append(candidates, elements[0].String("title"))
	}
	for _, title := range append(candidates, payload.String("text")) {
		if title != "" {
			return title
		}
	}
	return ""
}

// asSticker makes a sticker of an image that is one: until 2026 they came as images, with the sticker's id here or on the message.
func asSticker(a *channels.Attachment, payload wire.Object, sticker string) {
	if id := payload.ID("sticker_id"); id != "" {
		sticker = id
	}
	if sticker != "" {
		a.Kind, a.SharedID = channels.Sticker, sticker
	}
}

func place(payload wire.Object) *channels.Place {
	at := payload.Object("coordinates")
	if !at.Has("lat") || !at.Has("long") {
		return nil
	}
	return &channels.Place{Latitude: at.Float("lat"), Longitude: at.Float("long")}
}

// product is the first catalogue item of a product template.
func product(payload wire.Object) wire.Object {
	if elements := payload.Object("product").Objects("elements"); len(elements) > 0 {
		return elements[0]
	}
	return nil
}

func productOf(attachments []wire.Object) string {
	for _, o := range attachments {
		if id := product(o.Object("payload")).ID("id"); id != "" {
			return id
		}
	}
	return ""
}

// twins are the types of which Meta sends the second beside the first for the same thing while apps move from one to the other.
// Source: developers.facebook.com/docs/messenger-platform/changelog (stickers: 1 June 2026; shares: November 2025).
var twins = []struct{ kept, dropped string }{
	{"sticker", "image"},
	{"ig_post", "share"},
}

func dropTwins(list []attached) []attached {
	gone := make([]bool, len(list))
	for _, pair := range twins {
		for i := range list {
			if list[i].typ == pair.kept {
				absorbTwin(list, i, pair.dropped, gone)
			}
		}
	}
	kept := list[:0]
	for i, a := range list {
		if !gone[i] {
			kept = append(kept, a)
		}
	}
	return kept
}

// absorbTwin marks the twin of the given type of list[i] as gone and takes over what list[i] lacks.
func absorbTwin(list []attached, i int, typ string, gone []bool) {
	a := &list[i]
	for j, twin := range list {
		if gone[j] || twin.typ != typ || (twin.SharedID != "" && a.SharedID != "" && twin.SharedID != a.SharedID) {
			continue
		}
		gone[j] = true
		if a.URL == "" {
			a.URL = twin.URL
		}
		if a.Title == "" {
			a.Title = twin.Title
		}
		if a.SharedID == "" {
			a.SharedID = twin.SharedID
		}
		return
	}
}
