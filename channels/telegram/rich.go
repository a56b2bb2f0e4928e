package telegram

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"omni/channels"
	"omni/channels/internal/wire"
)

// richMessage flattens a rich message: its blocks one below the other as text, with the formatting that spans can tell, and the files in
// it as attachments.
func richMessage(o wire.Object) (string, []channels.Span, []channels.Attachment) {
	r := richText{fresh: true}
	r.blocks(o.List("blocks"), 0)
	return strings.TrimRight(r.text.String(), "\n"), r.spans, r.files
}

// richText is a rich message that is being flattened.
type richText struct {
	text   strings.Builder
	length int  // of text, in code points
	fresh  bool // nothing stands in the current line but perhaps a list item's label
	spans  []channels.Span
	files  []channels.Attachment
}

// deepest is where reading stops: Telegram nests less, and the time it takes grows with the square of the depth.
const deepest = 50

func (r *richText) write(s string) {
	r.text.WriteString(s)
	r.length += utf8.RuneCountInString(s)
	r.fresh = r.fresh && s == ""
}

func (r *richText) line() {
	if !r.fresh {
		r.write("\n")
		r.fresh = true
	}
}

// span marks what was written since start.
func (r *richText) span(name, url string, start int) {
	if r.length > start {
		r.spans = append(r.spans, channels.Span{Type: spanType(name), Offset: start, Length: r.length - start, URL: url})
	}
}

func (r *richText) blocks(list []json.RawMessage, depth int) {
	for _, raw := range list {
		if block, ok := wire.ParseObject(raw); ok && depth < deepest {
			r.block(block, depth+1)
		}
	}
}

// block reads a block by its members: those of one name mean the same in all kinds of block.
func (r *richText) block(o wire.Object, depth int) {
	r.line()
	start := r.length
	if file, ok := attachment(o); ok {
		r.files = append(r.files, file)
	}
	r.lines(o, depth, "summary", "text", "expression")
	for _, item := range o.Objects("items") {
		r.item(item, depth)
	}
	for _, row := range o.List("cells") {
		r.row(row, depth)
	}
	r.blocks(o.List("blocks"), depth)
	if name := o.String("type"); name == "pre" || name == "blockquote" {
		r.span(name, "", start)
	}
	r.lines(o, depth, "caption", "credit")
}

func (r *richText) lines(o wire.Object, depth int, keys ...string) {
	for _, key := range keys {
		if o.Has(key) {
			r.line()
			r.inline(o[key], depth)
		}
	}
}

func (r *richText) item(item wire.Object, depth int) {
	r.line()
	if label := item.String("label"); label != "" {
		r.write(label + " ")
		r.fresh = true
	}
	r.blocks(item.List("blocks"), depth)
}

func (r *richText) row(raw json.RawMessage, depth int) {
	r.line()
	for i, cell := range objects(raw) {
		if i > 0 {
			r.write("\t")
		}
		r.inline(cell["text"], depth)
	}
}

// inline reads a rich text, which is a string, a list of rich texts, or one in another: an object with the text and what it is.
func (r *richText) inline(raw json.RawMessage, depth int) {
	if depth >= deepest {
		return
	}
	value := wire.Object{"": raw}
	r.write(value.String(""))
	for _, part := range value.List("") {
		r.inline(part, depth+1)
	}
	o := value.Object("")
	if o == nil {
		return
	}
	start := r.length
	for _, key := range []string{"text", "alternative_text", "expression"} {
		r.inline(o[key], depth+1)
	}
	if name := o.String("type"); name != "" {
		r.span(name, richURL(o), start)
	}
	r.lines(o, depth+1, "credit")
}

func richURL(o wire.Object) string {
	switch o.String("type") {
	case "url":
		return safeURL(o.String("url"))
	case "text_mention":
		return userURL(o.Object("user"))
	}
	return ""
}
