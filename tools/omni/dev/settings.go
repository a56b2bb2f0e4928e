package dev

import (
	"encoding/json"
	"net/http"
	"net/url"

	"omni/tools/omni/dev/issuer"
)

// settings tells the dashboard where everything is, as the deployment's config.json does. A browser from elsewhere is told nothing: it could not
// sign in.
func settings(w http.ResponseWriter, r *http.Request) {
	origin, ok := issuer.Origin(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	out := url.Values{"client_id": {issuer.ClientID}, "logout_uri": {origin + "/"}}
	_ = json.NewEncoder(w).Encode(map[string]any{ // a client that has gone wants no answer
		"issuer": issuer.URL(origin), "client_id": issuer.ClientID, "logout_url": issuer.URL(origin) + "/logout?" + out.Encode(),
		"api_url": "", "dev": true,
	})
}
