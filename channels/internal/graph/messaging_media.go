package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"omni/channels"
)

// mediaHosts are Meta's servers of what customers send on Messenger and Instagram. No token is shown to them: the links are signed.
// Source: .../messenger-platform/overview, "Media"; .../instagram-platform/webhooks/examples.
var mediaHosts = []string{".fbcdn.net", ".fbsbx.com", ".cdninstagram.com"}

// maxMedia is more than Meta is known to take from a customer; it documents no limit.
const maxMedia = 100 << 20

// OpenMedia fetches a file by the link that came with it.
func OpenMedia(ctx context.Context, env channels.Env, a channels.Attachment) (channels.Media, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, nil)
	if err != nil {
		return channels.Media{}, errors.New("fetching a file: its link cannot be read")
	}
	media, err := env.Fetch(channels.Download{Request: request, Hosts: mediaHosts, MaxBytes: maxMedia})
	var refused *channels.StatusError
	if errors.As(err, &refused) && refused.Status == http.StatusForbidden { // "URL signature expired"
		return media, fmt.Errorf("%w: %w", channels.ErrGone, err)
	}
	return media, err
}
