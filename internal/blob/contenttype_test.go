package blob_test

import (
	"strings"
	"testing"

	"omni/internal/blob"
)

func TestContentType(t *testing.T) {
	t.Parallel()
	const png = "\x89PNG\r\n\x1a\n"
	for name, c := range map[string]struct{ said, head, want, offered string }{
		"as it is said":            {"image/jpeg", png, "image/jpeg", "inline"},
		"with its parameters":      {"audio/ogg; codecs=opus", "", "audio/ogg; codecs=opus", "inline"},
		"in any case":              {"Video/MP4", "", "video/mp4", "inline"},
		"nothing is said":          {"", png, "image/png", "inline"},
		"bytes is nothing":         {"application/octet-stream", png, "image/png", "inline"},
		"S3's word for bytes":      {"binary/octet-stream", "%PDF-1.7", "application/pdf", "attachment"},
		"nonsense is nothing":      {"picture!", png, "image/png", "inline"},
		"no type is nothing":       {"jpeg", png, "image/png", "inline"},
		"unknown bytes":            {"", "\x00\x01\x02", "application/octet-stream", "attachment"},
		"empty":                    {"", "", "text/plain; charset=utf-8", "attachment"},
		"a text":                   {"text/plain", "<html>", "text/plain", "attachment"},
		"a document":               {"application/pdf", "", "application/pdf", "attachment"},
		"a page":                   {"text/html; charset=utf-8", "", "application/octet-stream", "attachment"},
		"a page that nobody named": {"", "<!DOCTYPE html><script>", "application/octet-stream", "attachment"},
		"a page in XML":            {"application/xhtml+xml", "", "application/octet-stream", "attachment"},
		"a drawing with scripts":   {"image/svg+xml", "", "application/octet-stream", "attachment"},
		"XML":                      {"text/xml", "", "application/octet-stream", "attachment"},
		"XML that nobody named":    {"", "<?xml version=\"1.0\"?>", "application/octet-stream", "attachment"},
		"a script":                 {"text/javascript", "", "application/octet-stream", "attachment"},
		"a script of old":          {"application/x-javascript", "", "application/octet-stream", "attachment"},
		"a header in disguise":     {"image/png\r\nX: y", png, "image/png", "inline"},
	} {
		got := blob.ContentType(c.said, []byte(c.head))
		if got != c.want || blob.Disposition(got) != c.offered {
			t.Errorf("%s: %q, offered as %s; want %q, %s", name, got, blob.Disposition(got), c.want, c.offered)
		}
	}
	if got := blob.Disposition("image/svg+xml"); got != "attachment" {
		t.Errorf("a drawing that was stored as one is offered as %s", got)
	}
	if got := blob.ContentType(strings.Repeat("x", 1<<16)+"/y", nil); len(got) > 1<<10 {
		t.Errorf("a type of %d bytes is kept", len(got))
	}
}
