package blob

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// opaque is the type of what no program should interpret.
const opaque = "application/octet-stream"

// sniffed is how many bytes of a file tell its type (mimesniff.spec.whatwg.org, "resource header").
const sniffed = 512

// longestType is more than any type has in practice.
const longestType = 255

// ContentType is what a file is served as: what its source says, or what its first bytes look like where that says nothing. What a browser could
// run as a page of ours is served as bytes without a meaning, whoever calls it what: strangers send these files.
func ContentType(said string, head []byte) string {
	kind, parameters, err := mime.ParseMediaType(said)
	if err != nil || len(said) > longestType || !strings.Contains(kind, "/") || strings.HasSuffix(kind, "/octet-stream") {
		kind, parameters, _ = mime.ParseMediaType(http.DetectContentType(head))
	}
	if runs(kind) {
		return opaque
	}
	if full := mime.FormatMediaType(kind, parameters); full != "" {
		return full
	}
	return opaque
}

// runs reports whether a browser could run what has the type: pages, scripts, and XML, which can become either.
func runs(kind string) bool {
	return strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "/xml") || strings.HasSuffix(kind, "/html") ||
		strings.Contains(kind, "script") || slices.Contains([]string{"multipart/related", "message/rfc822", "text/xsl", "application/xml-dtd",
		"application/x-shockwave-flash"}, kind)
}

// Disposition is the rule by which a file is offered to browsers, as the Content-Disposition header says it: pictures, sounds and films may be
// shown, everything else is only downloaded. Whoever serves one also sends X-Content-Type-Options: nosniff.
func Disposition(contentType string) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	family, _, _ := strings.Cut(kind, "/")
	if slices.Contains([]string{"image", "audio", "video"}, family) && !runs(kind) {
		return "inline"
	}
	return "attachment"
}
