package graphsim

import (
	"io"
	"net/http"
	"path"
	"strings"

	"omni/channels/simulate"
)

// Servers of what customers send.
const (
	FileHost          = "scontent.xx.fbcdn.net"
	InstagramFileHost = "lookaside.fbsbx.com"
)

// contents begin as files of their types do. Photos are whole ones.
var contents = map[string]struct{ mime, start string }{
	".png": {"image/png", "\x89PNG\r\n\x1a\n"},
	".mp4": {"video/mp4", "\x00\x00\x00\x18ftypmp42"},
	".pdf": {"application/pdf", "%PDF-1.7\n"},
}

// serveFile serves a file. A link without its signature has expired.
func serveFile(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if !query.Has("oh") && !query.Has("signature") {
		http.Error(w, "URL signature expired", http.StatusForbidden)
		return
	}
	content, known := contents[strings.ToLower(path.Ext(r.URL.Path))]
	if !known {
		simulate.ServePicture(w, r.URL.Path, "image/jpeg")
		return
	}
	w.Header().Set("Content-Type", content.mime)
	_, _ = io.WriteString(w, content.start+" a simulated file") // a client that has gone wants no answer
}
