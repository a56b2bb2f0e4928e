package graphsim

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"omni/channels"
	"omni/channels/internal/graph"
)

// WABAID is the name of the secret that holds a WhatsApp Business Account's id.
const WABAID = "waba_id"

// api plays the Graph API for one of Meta's products. Where Meta only warns it refuses, so that mistakes are found: a token in a URL, an
// unknown parameter.
type api struct {
	object  string
	client  channels.Doer
	answers *answers // takes what is sent to customers; nil: nothing is

	mu     sync.Mutex
	apps   map[string]*app   // by id
	tokens map[string]holder // by access token
	nodes  map[string]*node  // by id
}

// app is a Meta app.
type app struct {
	id, secret    string
	subscriptions map[string]subscription // by object
}

type subscription struct {
	callback string
	fields   []string
}

// holder is whom an access token belongs to.
type holder struct {
	id, name string
	app      string
	host     string
	nodes    []string // what the token may change
}

// node is a Page, an Instagram account or a WhatsApp Business Account.
type node struct {
	id    string
	kind  string
	host  string
	links map[string]link // by the app that is subscribed
}

// link is one app's subscription to a node.
type link struct {
	fields   []string
	override string
}

// NewAPI plays the Graph API for the product of an object, with what the credential accounts name in their secrets.
func NewAPI(object string, accounts map[string]channels.Secrets, client channels.Doer) http.Handler {
	return http.HandlerFunc(newAPI(object, accounts, client).serve)
}

func newAPI(object string, accounts map[string]channels.Secrets, client channels.Doer) *api {
	a := &api{object: object, client: client, apps: map[string]*app{}, tokens: map[string]holder{}, nodes: map[string]*node{}}
	for _, name := range slices.Sorted(maps.Keys(accounts)) {
		a.add(name, accounts[name])
	}
	return a
}

// API plays the Graph API for this product, which takes answers to customers.
func (p Platform) API(accounts map[string]channels.Secrets, client channels.Doer) http.Handler {
	a := newAPI(p.Object, accounts, client)
	a.answers = &answers{rules: rules[p.Object], mid: p.Mid, run: rand.Text()}
	return played{http.HandlerFunc(a.serve), a.answers}
}

// played is the API together with what can be asked and told about its answers.
type played struct {
	http.Handler
	*answers
}

func (a *api) add(account string, secrets channels.Secrets) {
	id := secrets.First(graph.AppID)
	if a.apps[id] == nil {
		a.apps[id] = &app{id: id, secret: secrets.First(graph.AppSecret), subscriptions: map[string]subscription{}}
	}
	h := holder{id: Digits(15, a.object, account), name: "The " + account, app: id, host: graph.FacebookHost}
	n := &node{id: h.id, kind: "page", links: map[string]link{}}
	token := secrets.First(graph.AccessToken)
	switch {
	case a.object == "whatsapp_business_account":
		n.id, n.kind = secrets.First(WABAID), a.object
	case a.object == "instagram" && strings.HasPrefix(token, "IG"):
		h.host, n.kind = graph.InstagramHost, "instagram"
	}
	n.host, h.nodes = h.host, []string{n.id}
	if a.nodes[n.id] == nil {
		a.nodes[n.id] = n
	}
	a.tokens[token] = h
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	if r.Host == FileHost || r.Host == InstagramFileHost {
		serveFile(w, r)
		return
	}
	c, refused := read(r)
	var result any
	if refused == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		result, refused = a.answer(c)
	}
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		refused.write(w)
		return
	}
	_ = json.NewEncoder(w).Encode(result) // a client that has gone wants no answer
}

// answer finds out what is called.
func (a *api) answer(c call) (any, *refusal) {
	id, edge, _ := strings.Cut(c.path, "/")
	switch {
	case c.path == "debug_token":
		return a.debugToken(c)
	case edge == "subscriptions" && a.apps[id] != nil:
		return a.appSubscriptions(c, a.apps[id])
	}
	h, ok := a.tokens[c.token]
	if !ok || h.host != c.Host {
		return nil, refuse(190, "Malformed access token %s", c.token) // Meta repeats tokens like this
	}
	switch n := a.nodes[id]; {
	case c.path == "me":
		return me(c, h)
	case edge == "messages" && a.answers != nil:
		return a.send(c, id, h)
	case edge == "subscribed_apps" && n != nil && !slices.Contains(h.nodes, id):
		return nil, refuse(210, "A %s access token is required to request this resource.", n.kind)
	case edge == "subscribed_apps" && n != nil:
		return a.subscribedApps(c, n, h)
	}
	return nil, refuse(100, "Unsupported %s request. Object with ID '%s' does not exist", strings.ToLower(c.Method), id)
}
