package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"omni/channels"
	"omni/channels/internal/graph"
)

// mediaHosts are Meta's servers of files. The first gets the token, the others only where it redirects to them.
// Source: .../whatsapp/business-phone-numbers/media, "Download media".
var mediaHosts = []string{"lookaside.fbsbx.com", ".fbcdn.net", ".whatsapp.net"}

// maxMedia is the size of the largest file that customers can send.
// Source: .../whatsapp/business-phone-numbers/media, "Media message download constraints".
const maxMedia = 100 * mb

// OpenMedia asks where the file lies, which is true for five minutes, and fetches it from there.
func (c channel) OpenMedia(ctx context.Context, a channels.Attachment) (channels.Media, error) {
	if err := c.env.Secrets.Need(graph.AccessToken); err != nil {
		return channels.Media{}, err
	}
	link := a.URL
	if a.MediaID != "" {
		var err error
		if link, err = c.mediaLink(ctx, a.MediaID); err != nil {
			return channels.Media{}, err
		}
	}
	media, err := c.download(ctx, link)
	var refused *channels.StatusError
	switch {
	case !errors.As(err, &refused):
		return media, err
	case refused.Status == http.StatusUnauthorized:
		return media, fmt.Errorf("%w: %w", channels.ErrCredentials, err)
	case a.MediaID != "": // whether it is gone, its id tells; another link may work
		return media, fmt.Errorf("fetching a file: %v", err) //nolint:errorlint // so that it is no ErrGone
	}
	return media, err
}

// mediaLink is where a file lies.
func (c channel) mediaLink(ctx context.Context, id string) (string, error) {
	var file struct {
		URL string `json:"url"`
	}
	err := c.client().Get(ctx, id, nil, &file)
	var refused *graph.Error
	switch {
	case errors.As(err, &refused) && missing(refused):
		return "", fmt.Errorf("%w: %w", channels.ErrGone, err)
	case err != nil:
		return "", decide(err)
	}
	return file.URL, nil
}

// download shows the token to no host but the one that asks for it.
func (c channel) download(ctx context.Context, link string) (channels.Media, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return channels.Media{}, errors.New("fetching a file: its link cannot be read")
	}
	if request.URL.Hostname() == mediaHosts[0] {
		request.Header.Set("Authorization", "Bearer "+c.env.Secrets.First(graph.AccessToken))
	}
	return c.env.Fetch(channels.Download{Request: request, Hosts: mediaHosts, MaxBytes: maxMedia})
}

var _ channels.MediaOpener = channel{}
