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
	return a
}

type api struct {
	simulate.Ledger
	graph    http.Handler
	accounts map[string]string // ids of business accounts by access token

	mu      sync.Mutex
	uploads map[string]upload // by media id
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
	business, authorized := a.business(r)
	switch {
	case r.Host == mediaHost:
		download(w, r, authorized)
	case list != nil && authorized:
		listTemplates(w, r, list[1], business)
	case path == nil:
		a.graph.ServeHTTP(w, r)
	case !authorized:
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

// business is the business account whose access token the request shows; ok is false without one.
func (a *api) business(r *http.Request) (id string, ok bool) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	id, known := a.accounts[token]
	return id, bearer && token != "" && known
}

// messages is the edge that takes messages, and notices that one was read.
func (a *api) messages(w http.ResponseWriter, r *http.Request, account string) {
	var sent request
	refused := sent.read(r)
	if refused == nil && sent.Status != "" {
		if refused = sent.checkRead(); refused == nil {
			a.Hint(simulate.Hint{Message: sent.MessageID, Read: true, Typing: sent.Typing != nil})
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
	at, ok := a.Admit(maxRate, account)
	if !ok {
		throttle(w)
		return
	}
	mishap, after := a.Mishap()
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
	a.Take(simulate.Delivery{Account: account, Thread: person.name(), ID: id, Handle: sent.Handle, Content: a.content(sent), At: at})
	if mishap == simulate.Lost {
		a.HangUp()
		answer(w, http.StatusInternalServerError, refuse(1, "API Unknown", "Invalid request or possible server error."))
		return
	}
	answer(w, http.StatusOK, m{"messaging_product": "whatsapp", "contacts": []m{person.contact(sent)}, "messages": []m{{"id": id}}})
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
