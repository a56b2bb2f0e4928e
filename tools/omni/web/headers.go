package web

import "strings"

// Origins are what the dashboard's pages may talk to beside the origin that they come from. In the deployment they are all others, in dev none is.
type Origins struct {
	WebSocket string // wss://...
	Files     string // of customers' files and uploads
	Issuer    string // of who signs people in; several with spaces between
}

// Headers are the security headers of every answer with a file of the dashboard, on a laptop and in the deployment, where CloudFront sets them. Scripts come from the
// dashboard's own files only. Styles may also be in the page, because libraries that keep a page behind a dialog from scrolling put some there.
func Headers(o Origins) map[string]string {
	return map[string]string{
		"Content-Security-Policy": strings.Join([]string{
			"default-src 'none'",
			"script-src 'self'",
			"style-src 'self' 'unsafe-inline'",
			sources("img-src 'self' data: blob:", o.Files),
			sources("media-src 'self' data: blob:", o.Files),
			"font-src 'self'",
			sources("connect-src 'self'", o.WebSocket, o.Files, o.Issuer),
			"manifest-src 'self'",
			"worker-src 'self'",
			"base-uri 'none'",
			"form-action 'self'",
			"frame-ancestors 'none'",
		}, "; "),
		"X-Content-Type-Options":     "nosniff",
		"X-Frame-Options":            "DENY",
		"Referrer-Policy":            "same-origin",
		"Permissions-Policy":         "camera=(), microphone=(self), geolocation=()",
		"Cross-Origin-Opener-Policy": "same-origin",
	}
}

// sources is a directive with the origins that there are.
func sources(directive string, origins ...string) string {
	for _, origin := range origins {
		if origin != "" {
			directive += " " + origin
		}
	}
	return directive
}

// How long browsers keep files. The build puts a hash of its content into the name of everything in assets/.
const (
	assetsFolder   = "assets/"
	cacheForAssets = "public, max-age=31536000, immutable"
	cacheForOthers = "no-cache"
)
