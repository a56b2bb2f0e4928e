package simulator

import (
	"net/http"
	"regexp"
	"strings"

	"omni/channels/simulate"
)

// fileForm are the ids of the files that customers send here.
var fileForm = regexp.MustCompile(`^BQACAgQAAxkBAAI[A-Za-z0-9_-]{40}$`)

// getFile says where a file lies.
func getFile(r *http.Request) (any, *refusal) {
	g, refused := readParams(r, "file_id")
	if refused != nil {
		return nil, refused
	}
	id := g.values["file_id"]
	if !fileForm.MatchString(id) {
		return nil, badRequest("invalid file_id")
	}
	return object{"file_id": id, "file_unique_id": "AgAD", "file_size": len(simulate.Picture(id)), "file_path": "photos/" + id}, nil
}

// serveFile gives out a photo whatever was sent, by the path that getFile named and the token before it. Like Telegram it says of none what it is.
func (a *api) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	token, path, _ := strings.Cut(path, "/")
	id, ok := strings.CutPrefix(path, "photos/")
	switch {
	case a.bots[token] == nil:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method != http.MethodGet || !ok || !fileForm.MatchString(id):
		w.WriteHeader(http.StatusNotFound)
	default:
		simulate.ServePicture(w, id, "application/octet-stream")
	}
}
