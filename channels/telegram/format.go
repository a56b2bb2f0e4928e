package telegram

import (
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// textOf reads the text of a message or what stands for it, with its formatting.
func textOf(m wire.Object) (string, []channels.Span) {
	poll := m.Object("poll")
	for _, source := range []struct {
		in             wire.Object
		text, entities string
	}{
		{m, "text", "entities"},
		{m, "caption", "caption_entities"},
		{poll, "description", "description_entities"},
	} {
		if text := source.in.String(source.text); text != "" {
			return text, format(text, source.in.Objects(source.entities))
		}
	}
	return "", nil
}

// spanTypes are our words for Telegram's entities; the others have the same name.
var spanTypes = map[string]string{
	"bot_command":           "command",
	"text_link":             "link",
	"url":                   "link",
	"text_mention":          "mention",
	"phone_number":          "phone",
	"email_address":         "email",
	"expandable_blockquote": "blockquote",
}

// format turns entities, which count UTF-16 code units, into spans, which count code points. Entities that lie outside the text are cut
// or left out.
func format(text string, entities []wire.Object) []channels.Span {
	if len(entities) == 0 {
		return nil
	}
	points, runes := codePoints(text), []rune(text)
	var spans []channels.Span
	for _, entity := range entities {
		start, end, ok := extent(entity, points)
		if !ok {
			continue
		}
		spans = append(spans, channels.Span{
			Type:   spanType(entity.String("type")),
			Offset: start,
			Length: end - start,
			URL:    entityURL(entity, string(runes[start:end])),
		})
	}
	return spans
}

func spanType(name string) string {
	if ours, ok := spanTypes[name]; ok {
		return ours
	}
	return name
}

// codePoints says for each UTF-16 code unit of the text, and for its end, how many code points precede it. The second half of a
// surrogate pair counts as the point after the pair.
func codePoints(text string) []int {
	points := make([]int, 0, len(text)+1)
	n := 0
	for _, r := range text {
		points = append(points, n)
		n++
		if r > 0xFFFF {
			points = append(points, n)
		}
	}
	return append(points, n)
}

// extent is the part of the text that an entity covers, in code points.
func extent(entity wire.Object, points []int) (start, end int, ok bool) {
	offset, hasOffset := entity.Int("offset")
	length, hasLength := entity.Int("length")
	last := int64(len(points) - 1)
	if !hasOffset || !hasLength || offset < 0 || offset >= last || length <= 0 || entity.String("type") == "" {
		return 0, 0, false
	}
	start, end = points[offset], points[offset+min(length, last-offset)]
	return start, end, end > start
}

// entityURL is where an entity leads. A user who is mentioned by name has only the app's own link.
func entityURL(entity wire.Object, covered string) string {
	switch entity.String("type") {
	case "text_link":
		return safeURL(entity.String("url"))
	case "url":
		return wire.WebURL(covered)
	case "text_mention":
		return userURL(entity.Object("user"))
	}
	return ""
}

// safeURL keeps the links that are safe to click.
func safeURL(url string) string {
	if strings.HasPrefix(url, "tg://") {
		return url
	}
	return wire.WebURL(url)
}

func userURL(user wire.Object) string {
	if id := user.ID("id"); id != "" {
		return "tg://user?id=" + id
	}
	return ""
}
