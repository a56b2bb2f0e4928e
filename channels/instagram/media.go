package instagram

import (
	"context"

	"omni/channels"
	"omni/channels/internal/graph"
)

// OpenMedia fetches a file that somebody sent.
func (c *channel) OpenMedia(ctx context.Context, a channels.Attachment) (channels.Media, error) {
	return graph.OpenMedia(ctx, c.env, a)
}

var _ channels.MediaOpener = (*channel)(nil)
