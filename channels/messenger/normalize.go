package messenger

import (
	"strings"

	"omni/channels"
	"omni/channels/internal/graph"
)

// Normalize says what an event of Parse means.
func (c *channel) Normalize(e channels.Event) (channels.Update, error) { return page.Normalize(e) }

// normalizeChange reads what happened on the Page: a comment, a post, a rating. Who did it is named by an id that is not sure to be a
// PSID, so no person comes of it.
// Source: developers.facebook.com/docs/graph-api/webhooks/reference/page.
func normalizeChange(p graph.Piece) channels.Update {
	v := p.Value
	actor := v.Object("from").ID("id")
	if actor == "" {
		actor = v.FirstID("sender_id", "reviewer_id")
	}
	extra := v.Plain("item", "verb", "message", "review_text", "sender_id", "reviewer_id", "created_time")
	if name := v.Object("from").String("name"); name != "" {
		extra["sender_name"] = name
	}
	return channels.Update{Extra: extra, System: &channels.System{
		Type:   p.Field,
		Detail: strings.TrimSpace(v.String("item") + " " + v.String("verb")),
		Actor:  actor,
		Text:   v.FirstID("message", "review_text"),
		Target: v.FirstID("comment_id", "leadgen_id", "post_id", "video_id", "id"),
	}}
}
