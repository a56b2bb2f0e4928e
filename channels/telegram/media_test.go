package telegram

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

// fileID looks like the ids of the files that simulated customers send.
var fileID = "BQACAgQAAxkBAAI" + strings.Repeat("x", 40)

func TestOpenMedia(t *testing.T) {
	t.Parallel()
	c := calling(t, channeltest.Network(t, botAPI(t)), rightToken, "new")
	media, err := c.OpenMedia(t.Context(), channels.Attachment{Kind: channels.Image, MediaID: fileID})
	if err != nil {
		t.Fatal(err)
	}
	defer media.Body.Close()
	content, err := io.ReadAll(media.Body)
	if err != nil || media.MIME != "image/jpeg" || int64(len(content)) != media.Bytes || !strings.HasPrefix(string(content), "\xff\xd8") {
		t.Errorf("%d bytes, %+v, %v", len(content), media, err)
	}
}

// TestOpenMediaErrors: each has its decision, and none tells the token, which is a part of the file's URL.
func TestOpenMediaErrors(t *testing.T) {
	t.Parallel()
	const found = `{"ok":true,"result":{"file_id":"f","file_path":"photos/file_1.jpg"}}`
	refusal := func(why string) string {
		return `{"ok":false,"error_code":400,"description":"Bad Request: ` + why + `"}`
	}
	for name, test := range map[string]struct {
		path   string // what getFile answers; empty: it is not asked
		status int    // of the file server
		want   string
	}{
		"no file":                 {"", 0, "rejected no_file: Telegram gives no file for this attachment."},
		"too large":               {refusal("file is too big"), 0, "rejected too_large: The file has more than 20 MB, the most that Telegram gives to a bot."},
		"unknown":                 {refusal("invalid file_id"), 0, "gone"},
		"not now":                 {refusal("wrong file_id or the file is temporarily unavailable"), 0, "again"},
		"no path":                 {`{"ok":true,"result":{}}`, 0, "again"},
		"path is gone":            {found, http.StatusNotFound, "gone"},
		"path of a revoked token": {found, http.StatusUnauthorized, "credentials"},
		"server in trouble":       {found, http.StatusBadGateway, "again"},
		"throttled":               {found, http.StatusTooManyRequests, "throttled 0s"},
		"redirected elsewhere":    {found, http.StatusFound, "rejected host: The file lies where we may not fetch it from: elsewhere.example."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/bot" + rightToken + "/getFile":
					w.Write([]byte(test.path))
				case "/file/bot" + rightToken + "/photos/file_1.jpg":
					w.Header().Set("Location", "https://elsewhere.example/")
					w.WriteHeader(test.status)
				default:
					t.Errorf("%s is fetched", r.URL)
				}
			}))
			a := channels.Attachment{Kind: channels.Image, MediaID: "f"}
			if test.path == "" {
				a.MediaID = ""
			}
			_, err := calling(t, client, rightToken, "new").OpenMedia(t.Context(), a)
			if got := class(err); got != test.want || err != nil && strings.Contains(err.Error(), rightToken) {
				t.Errorf("%s (%v), want %s", got, err, test.want)
			}
		})
	}
}

func TestFileType(t *testing.T) {
	t.Parallel()
	const any = "application/octet-stream"
	for _, test := range []struct {
		attachment   channels.Attachment
		served, want string
	}{
		{channels.Attachment{Kind: channels.Image}, any, "image/jpeg"},
		{channels.Attachment{Kind: channels.Document, MIME: "application/pdf"}, any, "application/pdf"},
		{channels.Attachment{Kind: channels.Document, MIME: "application/pdf"}, "text/html", "application/pdf"},
		{channels.Attachment{Kind: channels.Sticker}, any, ""},
		{channels.Attachment{Kind: channels.Sticker}, "image/webp", "image/webp"},
	} {
		if got := fileType(test.attachment, test.served); got != test.want {
			t.Errorf("%+v served as %s: %q, want %q", test.attachment, test.served, got, test.want)
		}
	}
}
