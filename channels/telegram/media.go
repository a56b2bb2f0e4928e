package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"omni/channels"
)

// maxMedia is the size of the largest file that a bot can fetch. Source: core.telegram.org/bots/api#getfile.
const maxMedia = 20 << 20

// OpenMedia asks where the file lies and fetches it from there. The file's URL holds the token, so nobody else gets to know it.
func (c *channel) OpenMedia(ctx context.Context, a channels.Attachment) (channels.Media, error) {
	if a.MediaID == "" {
		return channels.Media{}, channels.Reject("no_file", "Telegram gives no file for this attachment.", nil)
	}
	path, err := c.filePath(ctx, a.MediaID)
	if err != nil {
		return channels.Media{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+apiHost, http.NoBody)
	if err != nil {
		return channels.Media{}, fmt.Errorf("fetching a file: %w", err)
	}
	request.URL = c.url("/file", path)
	media, err := c.env.Fetch(channels.Download{Request: request, Hosts: []string{apiHost}, MaxBytes: maxMedia})
	var refused *channels.StatusError
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusUnauthorized:
		return channels.Media{}, fmt.Errorf("%w: %w", channels.ErrCredentials, err)
	case err != nil:
		return channels.Media{}, err
	}
	media.MIME = fileType(a, media.MIME)
	return media, nil
}

// filePath asks where a file lies. That holds for an hour at least.
func (c *channel) filePath(ctx context.Context, id string) (string, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	err := c.call(ctx, "getFile", params{"file_id": id}, &file)
	var refused *apiError
	switch {
	case errors.As(err, &refused) && refused.Code == http.StatusBadRequest:
		return "", noFile(refused)
	case err == nil && file.Path == "":
		return "", errors.New("the Bot API does not say where the file lies")
	}
	return file.Path, err
}

// noFile says what it means that Telegram does not name a file's place. Source: the open server, github.com/tdlib/telegram-bot-api
// (Client.cpp, on_file_download).
func noFile(refused *apiError) error {
	switch {
	case strings.Contains(refused.Description, "too big"):
		return channels.Reject("too_large", "The file has more than 20 MB, the most that Telegram gives to a bot.", refused)
	case strings.Contains(refused.Description, "temporarily unavailable"):
		return refused
	}
	return fmt.Errorf("%w: %w", channels.ErrGone, refused)
}

// fileType is what the message said of the file rather than the file server, which says the same of all. Photos are always JPEG.
func fileType(a channels.Attachment, served string) string {
	switch {
	case a.MIME == "" && a.Kind == channels.Image:
		return "image/jpeg"
	case served == "application/octet-stream":
		return a.MIME
	}
	return cmp.Or(a.MIME, served)
}

var _ channels.MediaOpener = (*channel)(nil)
