package simulator

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
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
	return object{"file_id": id, "file_unique_id": "AgAD", "file_size": len(picture(id)), "file_path": "photos/" + id}, nil
}

// serveFile gives out a file, by the path that getFile named and the token before it. Like Telegram it says of none what it is.
func (a *api) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	token, path, _ := strings.Cut(path, "/")
	id, ok := strings.CutPrefix(path, "photos/")
	switch {
	case a.bots[token] == nil:
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method != http.MethodGet || !ok || !fileForm.MatchString(id):
		w.WriteHeader(http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(picture(id)) // a client that has gone wants no file
	}
}

// picture is what every file here is, whatever was sent: one colour, which follows from the id.
func picture(id string) []byte {
	h := fnv.New32a()
	h.Write([]byte(id))
	sum := h.Sum32()
	canvas := image.NewPaletted(image.Rect(0, 0, 32, 32), color.Palette{color.RGBA{byte(sum), byte(sum >> 8), byte(sum >> 16), 255}})
	var b bytes.Buffer
	_ = jpeg.Encode(&b, canvas, nil) // memory takes everything, and the size is no mistake
	return b.Bytes()
}
