package graphsim

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"omni/channels"
)

// appSubscriptions is the edge on which an app's webhooks are registered.
// Source: developers.facebook.com/docs/graph-api/reference/app/subscriptions.
func (a *api) appSubscriptions(c call, of *app) (any, *refusal) {
	if c.token != of.id+"|"+of.secret || of.secret == "" {
		return nil, refuse(15, "This method must be called with an app access_token.")
	}
	switch c.Method {
	case http.MethodGet:
		return listSubscriptions(of), nil
	case http.MethodPost:
		return a.subscribeApp(c, of)
	}
	return nil, refuse(100, "Unsupported request")
}

func listSubscriptions(of *app) any {
	data := []any{}
	for _, object := range slices.Sorted(maps.Keys(of.subscriptions)) {
		s := of.subscriptions[object]
		var fields []any
		for _, name := range s.fields {
			fields = append(fields, M{"name": name, "version": "v26.0"})
		}
		data = append(data, M{"object": object, "callback_url": s.callback, "active": true, "fields": fields})
	}
	return M{"data": data}
}

func (a *api) subscribeApp(c call, of *app) (any, *refusal) {
	if refused := c.only("object", "callback_url", "fields", "include_values", "verify_token"); refused != nil {
		return nil, refused
	}
	if refused := c.need("object", "callback_url", "fields", "verify_token"); refused != nil {
		return nil, refused
	}
	if c.params["object"] != a.object {
		return nil, refuse(100, "Param object must be %q", a.object)
	}
	fields, refused := c.list("fields", objectFields[a.object])
	if refused != nil {
		return nil, refused
	}
	if refused := a.handshake(c.Context(), c.params["callback_url"], c.params["verify_token"]); refused != nil {
		return nil, refused
	}
	of.subscriptions[a.object] = subscription{c.params["callback_url"], fields}
	return M{"success": true}, nil
}

// handshake is the GET by which Meta finds out whether the callback URL is its owner's.
// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Verification Requests".
func (a *api) handshake(ctx context.Context, callback, verifyToken string) *refusal {
	target, err := url.Parse(callback)
	if err != nil || target.Scheme != "https" || target.Host == "" {
		return refuse(100, "The callback URL has to begin with https://")
	}
	challenge := strconv.Itoa(rand.IntN(1 << 30))
	query := target.Query()
	query.Set("hub.mode", "subscribe")
	query.Set("hub.challenge", challenge)
	query.Set("hub.verify_token", verifyToken)
	target.RawQuery = query.Encode()
	if trouble := ask(ctx, a.client, target, challenge); trouble != "" {
		return refuse(2200, "Callback verification failed with the following errors: %s", trouble)
	}
	return nil
}

// ask makes the request and says what is wrong with the answer.
func ask(ctx context.Context, client channels.Doer, target *url.URL, challenge string) (trouble string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return "curl_errno = 3"
	}
	response, err := client.Do(request)
	if err != nil {
		return "curl_errno = 7; curl_error = " + target.Host + " does not answer"
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Sprintf("HTTP Status Code = %d; HTTP Message = %s", response.StatusCode, http.StatusText(response.StatusCode))
	}
	if string(body) != challenge {
		return "the answer is not the challenge"
	}
	return ""
}

// debugToken tells an app about one of its tokens. A token whose text ends in "expiring" ends soon, one that ends in "expired" has ended,
// and one in "poor" may do nothing.
func (a *api) debugToken(c call) (any, *refusal) {
	id, secret, _ := strings.Cut(c.token, "|")
	if asking := a.apps[id]; asking == nil || asking.secret != secret || secret == "" {
		return nil, refuse(190, "Invalid OAuth access token signature.")
	}
	if refused := c.need("input_token"); refused != nil {
		return nil, refused
	}
	token := c.params["input_token"]
	h, known := a.tokens[token]
	if !known {
		return M{"data": M{"is_valid": false, "error": M{"code": 190, "message": "Invalid OAuth access token."}}}, nil
	}
	info := M{"app_id": h.app, "is_valid": true, "expires_at": 0, "scopes": scopes}
	switch {
	case strings.HasSuffix(token, "expiring"):
		info["expires_at"] = time.Now().Add(20 * time.Hour).Unix()
	case strings.HasSuffix(token, "expired"):
		info["is_valid"] = false
	case strings.HasSuffix(token, "poor"):
		info["scopes"] = []string{}
	}
	return M{"data": info}, nil
}

// scopes are what tokens may do.
var scopes = []string{
	"whatsapp_business_messaging", "whatsapp_business_management", "pages_messaging", "pages_manage_metadata", "instagram_manage_messages",
}
