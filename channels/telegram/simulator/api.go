package simulator

import (
	"crypto/rand"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"omni/channels"
	"omni/channels/simulate"
)

// api plays the Bot API. Where Telegram passes over a mistake in silence it refuses, so that mistakes are found.
type api struct {
	simulate.Ledger
	run  string // tells the messages of this server from those of others
	mu   sync.Mutex
	bots map[string]*botAPI // by token
	sent int                // messages
}

// botAPI is one bot as the Bot API sees it, with its webhook.
type botAPI struct {
	name    string
	webhook setWebhook // without a URL: none
}

// API plays the Bot API for the bots whose tokens the accounts hold. Telegram does not check callback URLs by calling them.
func (platform) API(accounts map[string]channels.Secrets, _ channels.Doer) http.Handler {
	a := &api{run: rand.Text(), bots: map[string]*botAPI{}}
	for name, secrets := range accounts {
		if token := secrets.First("bot_token"); token != "" {
			a.bots[token] = &botAPI{name: name}
		}
	}
	return a
}

// refusal is an error as the Bot API words it.
type refusal struct {
	code        int
	description string
	parameters  object // nil: none
}

var (
	unauthorized = &refusal{code: http.StatusUnauthorized, description: "Unauthorized"}
	notFound     = &refusal{code: http.StatusNotFound, description: "Not Found"}
)

func badRequest(why string) *refusal {
	return &refusal{code: http.StatusBadRequest, description: "Bad Request: " + why}
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		a.serveFile(w, r, path)
		return
	}
	result, refused := a.answer(r)
	w.Header().Set("Content-Type", "application/json")
	answer := object{"ok": true, "result": result}
	if refused != nil {
		w.WriteHeader(refused.code)
		answer = object{"ok": false, "error_code": refused.code, "description": refused.description}
		if refused.parameters != nil {
			answer["parameters"] = refused.parameters
		}
	}
	_ = json.NewEncoder(w).Encode(answer) // a client that has gone wants no answer
}

func (a *api) answer(r *http.Request) (any, *refusal) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || r.Host != "api.telegram.org" {
		return nil, notFound
	}
	b := a.bots[token]
	switch {
	case b == nil:
		return nil, unauthorized
	case senders[method] != nil:
		return a.send(method, r, b)
	case hints[method] != nil:
		return a.hint(method, r)
	}
	return a.administer(b, method, r)
}

// administer answers the methods by which a bot learns about itself and says where its updates go.
func (a *api) administer(b *botAPI, method string, r *http.Request) (any, *refusal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch method {
	case "getMe":
		return b.user(), nil
	case "getWebhookInfo":
		return b.webhookInfo(), nil
	case "setWebhook":
		return b.setWebhook(r)
	case "deleteWebhook":
		b.webhook = setWebhook{}
		return true, nil
	case "getFile":
		return getFile(r)
	}
	return nil, notFound
}

func (b *botAPI) user() object {
	return object{"id": b.id(), "is_bot": true, "first_name": b.name, "username": b.name + "_bot"}
}

func (b *botAPI) id() int64 {
	h := fnv.New32a()
	h.Write([]byte(b.name))
	return int64(h.Sum32()) + 1
}

func (b *botAPI) webhookInfo() object {
	info := object{"url": b.webhook.URL, "has_custom_certificate": false, "pending_update_count": 0}
	if b.webhook.URL != "" {
		info["max_connections"], info["ip_address"] = b.webhook.MaxConnections, "192.0.2.1"
	}
	if len(b.webhook.AllowedUpdates) > 0 {
		info["allowed_updates"] = b.webhook.AllowedUpdates
	}
	return info
}

// setWebhook are the parameters of that method. Source: core.telegram.org/bots/api#setwebhook.
type setWebhook struct {
	URL                string   `json:"url"`
	IPAddress          string   `json:"ip_address"`
	MaxConnections     int      `json:"max_connections"`
	AllowedUpdates     []string `json:"allowed_updates"`
	DropPendingUpdates bool     `json:"drop_pending_updates"`
	SecretToken        string   `json:"secret_token"`
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (b *botAPI) setWebhook(r *http.Request) (any, *refusal) {
	given := setWebhook{MaxConnections: 40}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		return nil, badRequest("can't parse the parameters")
	}
	if refused := checkWebhook(given); refused != nil {
		return nil, refused
	}
	b.webhook = given
	return true, nil
}

func checkWebhook(given setWebhook) *refusal {
	target, err := url.Parse(given.URL)
	switch {
	case err != nil || target.Scheme != "https" || target.Hostname() == "":
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !slices.Contains([]string{"", "80", "88", "443", "8443"}, target.Port()):
		return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	case given.SecretToken != "" && !secretForm.MatchString(given.SecretToken):
		return badRequest("secret token contains unallowed characters: " + given.SecretToken)
	case given.MaxConnections < 1 || given.MaxConnections > 100:
		return badRequest("max_connections must be from 1 to 100")
	}
	for _, kind := range given.AllowedUpdates {
		if !slices.Contains(updateTypes, kind) {
			return badRequest("unknown update type " + kind)
		}
	}
	return nil
}

// updateTypes are the members of an Update. Source: core.telegram.org/bots/api#update.
var updateTypes = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
	"edited_business_message", "deleted_business_messages", "guest_message", "message_reaction", "message_reaction_count", "inline_query",
	"chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer",
	"my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "subscription",
}

var (
	_ simulate.API       = platform{}
	_ simulate.Inspector = (*api)(nil)
	_ simulate.Listener  = (*api)(nil)
)
