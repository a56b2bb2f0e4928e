package simulator

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"omni/channels"
	"omni/channels/internal/graph"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// API plays the Graph API for WhatsApp: what all of Meta's products share, and messages, media and templates. Every phone number id exists.
func (platform) API(accounts map[string]channels.Secrets, client channels.Doer) http.Handler {
	a := &api{
		graph:    graphsim.NewAPI("whatsapp_business_account", accounts, client),
		accounts: map[string]string{}, uploads: map[string]upload{},
	}
	for _, secrets := range accounts {
		a.accounts[secrets.First(graph.AccessToken)] = secrets.First(graphsim.WABAID)
	}
	return played{a, &a.taken, &a.taken}
}

// played is the API together with what can be asked and told about it.
type played struct {
	http.Handler
	simulate.Inspector
	simulate.Listener
}

type api struct {
	taken    simulate.Deliveries
	graph    http.Handler
	accounts map[string]string // ids of business accounts by access token

	mu      sync.Mutex
	uploads map[string]upload // by media id
	lost    int
}

// upload is a file that was given to Meta.
type upload struct {
	account, mime, name string
	bytes               int64
}

// edge is what belongs to one phone number, or a file.
var edge = regexp.MustCompile(`^/v\d+\.\d/(\d+)(?:/(messages|media))?$`)

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, list := edge.FindStringSubmatch(r.URL.Path), templateEdge.FindStringSubmatch(r.URL.Path)
	switch {
	case r.Host == mediaHost:
		a.download(w, r)
	case list != nil && a.authorized(r):
		a.listTemplates(w, r, list[1])
	case path == nil:
		a.graph.ServeHTTP(w, r)
	case !a.authorized(r):
		answer(w, http.StatusUnauthorized, refuse(190, "Invalid OAuth access token - Cannot parse access token", ""))
	case r.Host != graph.FacebookHost, (path[2] == "") != (r.Method == http.MethodGet):
		answer(w, http.StatusBadRequest, refuse(100, "Unsupported request", ""))
	case path[2] == "messages":
		a.messages(w, r, path[1])
	case path[2] == "media":
		a.upload(w, r, path[1])
	default:
		locate(w, path[1])
	}
}

func (a *api) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, known := a.accounts[token]
	return ok && token != "" && known
}

// messages is the edge that takes messages, and notices that one was read.
func (a *api) messages(w http.ResponseWriter, r *http.Request, account string) {
	var sent request
	refused := sent.read(r)
	if refused == nil && sent.Status != "" {
		if refused = sent.checkRead(); refused == nil {
			answer(w, http.StatusOK, m{"success": true})
			return
		}
	}
	if refused == nil {
		refused = a.check(account, sent)
	}
	if refused != nil {
		answer(w, http.StatusBadRequest, refused)
		return
	}
	a.deliver(w, account, sent)
}

// maxRate is how many messages a second one number may send. Source: .../whatsapp/throughput.
const maxRate = 80

// deliver takes a message that is right, if it is not too much and nothing goes wrong.
func (a *api) deliver(w http.ResponseWriter, account string, sent request) {
	at, ok := a.taken.Admit(maxRate, account)
	if !ok {
		throttle(w)
		return
	}
	mishap, after := a.taken.Mishap()
	switch mishap {
	case simulate.Throttled:
		usage(w, account, after)
		throttle(w)
		return
	case simulate.Refused:
		answer(w, http.StatusInternalServerError, refuse(131016, "Service unavailable", "A service is temporarily unavailable."))
		return
	}
	person := sent.person(account)
	id := wamidOf(person.name(), rand.Text())
	a.taken.Take(simulate.Delivery{Account: account, Thread: person.name(), ID: id, Handle: sent.Handle, Content: a.content(sent), At: at})
	if mishap == simulate.Lost {
		a.lose(w)
		return
	}
	answer(w, http.StatusOK, m{"messaging_product": "whatsapp", "contacts": []m{person.contact(sent)}, "messages": []m{{"id": id}}})
}

// lose hangs up, or answers what may be anything, in turns.
func (a *api) lose(w http.ResponseWriter) {
	a.mu.Lock()
	a.lost++
	hangUp := a.lost%2 == 0
	a.mu.Unlock()
	if hangUp {
		panic(http.ErrAbortHandler)
	}
	answer(w, http.StatusInternalServerError, refuse(1, "API Unknown", "Invalid request or possible server error."))
}

func throttle(w http.ResponseWriter) {
	answer(w, http.StatusBadRequest, refuse(130429, "Rate limit hit", "Cloud API message throughput has been reached."))
}

// usage says when calls are possible again, in whole minutes.
func usage(w http.ResponseWriter, account string, after time.Duration) {
	if minutes := int64((after + time.Minute - 1) / time.Minute); minutes > 0 {
		limit := m{"type": "whatsapp", "call_count": 100, "estimated_time_to_regain_access": minutes}
		w.Header().Set("X-Business-Use-Case-Usage", string(graphsim.Encode(m{account: []m{limit}})))
	}
}

// refuse is an error in Meta's words.
func refuse(code int, title, details string) m {
	e := m{"message": fmt.Sprintf("(#%d) %s", code, title), "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEfGh"}
	if details != "" {
		e["error_data"] = m{"messaging_product": "whatsapp", "details": details}
	}
	return m{"error": e}
}

func answer(w http.ResponseWriter, status int, object m) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object) // a client that has gone wants no answer
}
