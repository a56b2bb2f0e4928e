package visitor

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

type uploadRequest struct {
	Name  string `json:"name"`
	MIME  string `json:"mime"`
	Bytes int64  `json:"bytes"`
}

// upload is where a file is to be put, with one PUT.
type upload struct {
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"` // that the request has to have
	Token     string            `json:"token"`   // names the file in a message
	ExpiresAt time.Time         `json:"expires_at"`
}

// maxName is the longest name of a file, in bytes.
const maxName = 255

func (h *Handler) upload(ctx context.Context, c call) (any, error) {
	in, err := read[uploadRequest](c)
	switch {
	case err != nil:
		return nil, err
	case h.Files == nil:
		return nil, errNoFiles
	case in.Bytes < 1 || in.Name == "" || len(in.Name) > maxName || !strings.Contains(in.MIME, "/") || len(in.MIME) > maxName:
		return nil, invalid("Want a name of at most 255 bytes, a MIME type and the number of bytes.")
	}
	granted := channels.HostedFile{
		Key: inbox.UploadedKey(uuid.Must(uuid.NewV7())), Kind: c.spec.KindOf(in.MIME, in.Bytes), Name: in.Name, MIME: in.MIME, Bytes: in.Bytes,
	}
	sent := channels.Content{File: &channels.File{Kind: granted.Kind, MIME: in.MIME, Name: in.Name, Bytes: in.Bytes}}
	if err := c.spec.Check(channels.Outgoing{Content: sent}); err != nil {
		return nil, err
	}
	link, err := h.Files.Upload(ctx, granted.Key, in.MIME, in.Bytes)
	if err != nil {
		return nil, err
	}
	return upload{
		URL: absolute(link.URL, "http", c), Headers: link.Headers, Token: c.host.GrantFile(c.visitor, granted), ExpiresAt: link.Until.UTC(),
	}, nil
}
