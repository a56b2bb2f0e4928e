package platforms

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"omni/channels/simulate"
)

// controlPath is where the server is asked and disturbed: no platform has such a path.
const controlPath = "/control/"

// written is a customer's message, of which the platforms are told because they hold answers to their reply windows.
type written struct {
	Channel string    `json:"channel"`
	Account string    `json:"account"` // channel account
	Thread  string    `json:"thread"`
	At      time.Time `json:"at"`
}

// controls are what [Remote] calls.
func (s *Server) controls() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath+"taken", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Taken()) // a client that has gone wants no answer
	})
	mux.HandleFunc("POST "+controlPath+"fault/{channel}", func(w http.ResponseWriter, r *http.Request) {
		var f simulate.Fault
		if readJSON(w, r, &f) {
			s.misbehave(r.PathValue("channel"), f)
		}
	})
	mux.HandleFunc("PUT "+controlPath+"trouble", func(w http.ResponseWriter, r *http.Request) {
		var t Trouble
		if readJSON(w, r, &t) {
			s.SetTrouble(t)
		}
	})
	mux.HandleFunc("POST "+controlPath+"written", func(w http.ResponseWriter, r *http.Request) {
		var all []written
		if readJSON(w, r, &all) {
			s.written(all)
		}
	})
	return mux
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// Taken lists what all platforms took: each account's in the order in which they took it.
func (s *Server) Taken() []Taken {
	all := []Taken{}
	for _, p := range s.players {
		p.note()
		p.mu.Lock()
		for _, t := range p.taken {
			one := *t
			one.Told = slices.Clone(t.Told)
			all = append(all, one)
		}
		p.mu.Unlock()
	}
	return all
}

func (s *Server) misbehave(channel string, f simulate.Fault) {
	for _, p := range s.of(channel) {
		p.inspector.Misbehave(f)
	}
}

// SetTrouble makes all platforms do things wrong until they are told otherwise.
func (s *Server) SetTrouble(t Trouble) {
	for _, p := range s.players {
		p.mu.Lock()
		p.trouble = t
		p.mu.Unlock()
		if t == (Trouble{}) {
			p.inspector.Misbehave(simulate.Fault{})
		}
	}
}

// Trouble is what goes wrong all the time.
func (s *Server) Trouble() (t Trouble) {
	for _, p := range s.players {
		p.mu.Lock()
		t = p.trouble // they have all been told the same
		p.mu.Unlock()
	}
	return t
}

func (s *Server) written(all []written) {
	for _, one := range all {
		for _, p := range s.of(one.Channel) {
			if p.listener != nil {
				p.listener.Wrote(one.Account, one.Thread, one.At)
			}
		}
	}
}
