package graph

import (
	"io"
	"net/http"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

// TestOpenMedia: files come from Meta's servers, which are shown no token, and from no others.
func TestOpenMedia(t *testing.T) {
	t.Parallel()
	secrets := channels.Secrets{AccessToken: {token}}
	env := channels.Env{Secrets: secrets, HTTP: channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a server of files is shown the token")
		}
		switch r.URL.Path {
		case "/expired":
			w.WriteHeader(http.StatusForbidden)
		case "/deleted":
			w.WriteHeader(http.StatusNotFound)
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		case "/away":
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "image/png")
			_, _ = io.WriteString(w, "a picture")
		}
	}))}
	for link, want := range map[string]string{
		"https://scontent.xx.fbcdn.net/v/1.png?oh=1":            "sent",
		"https://lookaside.fbsbx.com/ig_messaging_cdn/?asset=1": "sent",
		"https://scontent.cdninstagram.com/o1/v/t2.mp4":         "sent",
		"https://scontent.xx.fbcdn.net/expired":                 "gone",
		"https://scontent.xx.fbcdn.net/deleted":                 "gone",
		"https://scontent.xx.fbcdn.net/broken":                  "again",
		"https://scontent.xx.fbcdn.net/away":                    "rejected host",
		"https://fbcdn.net.example/1.png":                       "rejected host",
		"https://evilfbcdn.net/1.png":                           "rejected host",
		"http://scontent.xx.fbcdn.net/1.png":                    "rejected host",
		"":                                                      "rejected host",
	} {
		media, err := OpenMedia(t.Context(), env, channels.Attachment{Kind: channels.Image, URL: link})
		if got := channeltest.Class(err); got != want {
			t.Errorf("%s: %s (%v), want %s", link, got, err, want)
		}
		if err != nil {
			continue
		}
		content, err := io.ReadAll(media.Body)
		if string(content) != "a picture" || media.MIME != "image/png" || err != nil || media.Body.Close() != nil {
			t.Errorf("%s: %q as %s, %v", link, content, media.MIME, err)
		}
	}
}
