package webchat

import (
	"context"
	"errors"

	"omni/channels"
)

// OpenMedia opens what a visitor uploaded. Verify has seen that the key is one that we gave this visitor.
func (c *channel) OpenMedia(ctx context.Context, a channels.Attachment) (channels.Media, error) {
	if a.MediaID == "" || c.env.Files == nil {
		return channels.Media{}, channels.Reject("no_upload", "The file was not uploaded to us.", errors.New("the attachment names no upload"))
	}
	body, err := c.env.Files.Open(ctx, a.MediaID)
	if err != nil {
		return channels.Media{}, err
	}
	return channels.Media{Body: body, MIME: a.MIME, Bytes: -1}, nil
}
