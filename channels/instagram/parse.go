package instagram

import (
	"omni/channels"
	"omni/channels/internal/graph"
)

// direct reads the webhooks of the object `instagram`. The person's scoped id (IGSID) names the chat.
var direct = graph.Messaging{Object: "instagram", Identity: "igsid", Change: parseChange, System: normalizeChange}

// Parse splits a body into the events of entry[].messaging[] and standby[], which are chats, and of entry[].changes[] or, with
// Instagram Login, entry[].{field, value}, which are comments, mentions and their like.
func (c *channel) Parse(r *channels.Request) ([]channels.Event, error) { return direct.Parse(r.Body) }

// parseChange makes the event of a change. An old form of the App Dashboard's test message says neither who wrote nor what: it stays
// unknown, but has an id and a time of its own.
func parseChange(p graph.Piece) channels.Event {
	e := p.Change()
	id := p.Value.Object("event_data").ID("message_id")
	if e.Kind == channels.KindUnknown && id != "" {
		e.ID, e.At = id, p.Value.Time("event_timestamp")
	}
	return e
}
