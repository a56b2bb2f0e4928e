package graphsim

import (
	"maps"
	"net/http"
	"slices"

	"omni/channels/internal/graph"
)

// me is the node that the access token belongs to.
func me(c call, h holder) (any, *refusal) {
	if c.Method != http.MethodGet {
		return nil, refuse(100, "Unsupported request")
	}
	if c.Host == graph.InstagramHost {
		return M{"id": Digits(17, h.id), "user_id": h.id, "username": h.name}, nil
	}
	return M{"id": h.id, "name": h.name}, nil
}

// subscribedApps is the edge on which apps are subscribed to a node.
// Source: .../graph-api/reference/page/subscribed_apps, .../whats-app-business-account/subscribed_apps.
func (a *api) subscribedApps(c call, n *node, h holder) (any, *refusal) {
	switch c.Method {
	case http.MethodGet:
		return n.apps(), nil
	case http.MethodDelete:
		delete(n.links, h.app)
		return M{"success": true}, nil
	case http.MethodPost:
		made, refused := a.link(c, n, h)
		if refused != nil {
			return nil, refused
		}
		n.links[h.app] = made
		return M{"success": true}, nil
	}
	return nil, refuse(100, "Unsupported request")
}

func (n *node) apps() any {
	data := []any{}
	for _, id := range slices.Sorted(maps.Keys(n.links)) {
		l := n.links[id]
		one := M{"id": id, "name": "App " + id, "subscribed_fields": l.fields}
		switch n.kind {
		case "whatsapp_business_account":
			one = M{"whatsapp_business_api_data": M{"id": id, "name": "App " + id}}
		case "instagram":
			one["id"] = Digits(16, "instagram app", id) // Instagram calls apps by ids of its own
		}
		if l.override != "" {
			one["override_callback_uri"] = l.override
		}
		data = append(data, one)
	}
	return M{"data": data}
}

// link is what an app asks for when it subscribes to a node.
func (a *api) link(c call, n *node, h holder) (link, *refusal) {
	if n.kind == "whatsapp_business_account" {
		return a.whatsAppLink(c, n, h)
	}
	if refused := c.only("subscribed_fields"); refused != nil {
		return link{}, refused
	}
	if refused := c.need("subscribed_fields"); refused != nil {
		return link{}, refused
	}
	fields, refused := c.list("subscribed_fields", nodeFields[n.kind])
	return link{fields: fields}, refused
}

// whatsAppLink knows no fields. Without a body it also ends an override.
// Source: .../whatsapp/webhooks/override.
func (a *api) whatsAppLink(c call, n *node, h holder) (link, *refusal) {
	if refused := c.only("override_callback_uri", "verify_token"); refused != nil {
		return link{}, refused
	}
	callback := c.params["override_callback_uri"]
	if callback == "" {
		return link{}, nil
	}
	_, linked := n.links[h.app]
	if !linked || !slices.Contains(a.apps[h.app].subscriptions[a.object].fields, "messages") {
		return link{}, refuse(100, "Before override the current callback uri, your app must be subscribed to receive messages for %s",
			"WhatsApp Business Account")
	}
	if len(callback) > 200 {
		return link{}, refuse(100, "Param override_callback_uri must be at most 200 characters")
	}
	if refused := c.need("verify_token"); refused != nil {
		return link{}, refused
	}
	return link{override: callback}, a.handshake(c.Context(), callback, c.params["verify_token"])
}
