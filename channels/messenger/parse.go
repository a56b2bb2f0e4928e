package messenger

import (
	"omni/channels"
	"omni/channels/internal/graph"
)

// page reads the webhooks of the object `page`. The person's scoped id (PSID) names the chat.
var page = graph.Messaging{Object: "page", Identity: "psid", System: normalizeChange}

// Parse splits a body into the events of entry[].messaging[] and standby[], which are chats, and of entry[].changes[], which are what
// happens on the Page.
func (c *channel) Parse(r *channels.Request) ([]channels.Event, error) { return page.Parse(r.Body) }
