package graphsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
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
	object string
	client channels.Doer

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
	a := &api{object: object, client: client, apps: map[string]*app{}, tokens: map[string]holder{}, nodes: map[string]*node{}}
	for _, name := range slices.Sorted(maps.Keys(accounts)) {
		a.add(name, accounts[name])
	}
	return http.HandlerFunc(a.serve)
}

// API plays the Graph API for this product.
func (p Platform) API(accounts map[string]channels.Secrets, client channels.Doer) http.Handler {
	return NewAPI(p.Object, accounts, client)
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

// refusal is an error as the Graph API words it.
type refusal struct {
	code    int
	message string
}

func refuse(code int, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf("(#%d) ", code) + fmt.Sprintf(format, args...)}
}

// call is one request, read.
type call struct {
	*http.Request
	path   string // without the version
	token  string
	params map[string]string
}

var versioned = regexp.MustCompile(`^/v\d+\.\d/(.+)$`)

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	c, refused := read(r)
	var result any
	if refused == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		result, refused = a.answer(c)
	}
	w.Header().Set("Content-Type", "application/json")
	if refused != nil {
		w.WriteHeader(http.StatusBadRequest)
		result = M{"error": M{"message": refused.message, "type": "OAuthException", "code": refused.code, "fbtrace_id": "AbCdEfGh"}}
	}
	_ = json.NewEncoder(w).Encode(result) // a client that has gone wants no answer
}

// read takes a request apart. Parameters may come in the URL, as a form or as JSON.
func read(r *http.Request) (call, *refusal) {
	c := call{Request: r, params: map[string]string{}}
	path := versioned.FindStringSubmatch(r.URL.Path)
	if path == nil {
		return c, refuse(2635, "You are calling no version of the Graph API")
	}
	c.path = path[1]
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || bearer == "" {
		return c, refuse(104, "An access token is required to request this resource.")
	}
	c.token = bearer
	if err := r.ParseForm(); err != nil {
		return c, refuse(100, "Invalid parameter")
	}
	for name := range r.Form {
		c.params[name] = r.Form.Get(name)
	}
	if r.Header.Get("Content-Type") == "application/json" && json.NewDecoder(r.Body).Decode(&c.params) != nil {
		return c, refuse(100, "Invalid JSON")
	}
	for _, name := range []string{"access_token", "verify_token"} {
		if r.URL.Query().Has(name) {
			return c, refuse(100, "%s does not belong into a URL, which is logged", name)
		}
	}
	return c, nil
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
	case edge == "subscribed_apps" && n != nil && !slices.Contains(h.nodes, id):
		return nil, refuse(210, "A %s access token is required to request this resource.", n.kind)
	case edge == "subscribed_apps" && n != nil:
		return a.subscribedApps(c, n, h)
	}
	return nil, refuse(100, "Unsupported %s request. Object with ID '%s' does not exist", strings.ToLower(c.Method), id)
}

// need refuses a call without the parameters, and one with others.
func (c call) need(names ...string) *refusal {
	for _, name := range names {
		if c.params[name] == "" {
			return refuse(100, "The parameter %s is required", name)
		}
	}
	return nil
}

func (c call) only(names ...string) *refusal {
	for _, name := range slices.Sorted(maps.Keys(c.params)) {
		if !slices.Contains(names, name) {
			return refuse(100, "Unknown parameter %s", name)
		}
	}
	return nil
}

// list reads a parameter of names with commas, each of which has to be known.
func (c call) list(name string, known []string) ([]string, *refusal) {
	values := strings.Split(c.params[name], ",")
	for i, value := range values {
		if !slices.Contains(known, value) {
			return nil, refuse(100, "Param %s[%d] must be one of {%s} - got %q.", name, i, strings.Join(known, ", "), value)
		}
	}
	return values, nil
}
