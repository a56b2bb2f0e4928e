package instagram

import (
	"omni/channels"
	"omni/channels/internal/graph"
)

// Normalize says what an event of Parse means.
func (c *channel) Normalize(e channels.Event) (channels.Update, error) { return direct.Normalize(e) }

// normalizeChange reads what happened outside the chats: a comment, a mention, a story's numbers. The comment's id is value.id in one
// of the two flavours and value.comment_id in the other; a mention has no author and no text.
// Source: developers.facebook.com/docs/instagram-platform/webhooks/examples.
func normalizeChange(p graph.Piece) channels.Update {
	v, from, media := p.Value, p.Value.Object("from"), p.Value.Object("media")
	extra := media.Plain("id")
	for key, value := range v.Plain("id", "comment_id", "text") {
		extra[key] = value
	}
	if id := media.ID("id"); id != "" {
		extra["media_id"] = id
	}
	return channels.Update{Person: author(p.Account, from.ID("id"), from.String("username")), Extra: extra, System: &channels.System{
		Type:   p.Field,
		Actor:  from.ID("id"),
		Text:   v.String("text"),
		Target: v.FirstID("comment_id", "id", "media_id"),
	}}
}

// author is the person with the scoped id, or nil when it is nobody or the account itself.
func author(account, id, username string) *channels.Person {
	if id == "" || id == account {
		return nil
	}
	return &channels.Person{Identities: []channels.Identity{{Kind: "igsid", Value: id}}, Username: username}
}
