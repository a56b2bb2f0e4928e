package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"omni/tools/omni/platforms"
)

// ServeHTTP implements [http.Handler].
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// routes are the requests of the page.
func (s *Simulator) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET " + Path + "channels":   func(*http.Request) (any, error) { return items[channel]{s.channels}, nil },
		"GET " + Path + "chats":      s.getChats,
		"GET " + Path + "chats/{id}": s.getChat,
		"POST " + Path + "chats":     s.postChat,
		"POST " + Path + "messages":  s.postMessage,
		"GET " + Path + "trouble":    func(*http.Request) (any, error) { return s.o.Platforms.Trouble(), nil },
		"PUT " + Path + "trouble":    s.putTrouble,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			answer, err := handle(r)
			respond(w, answer, err)
		})
	}
	mux.HandleFunc(Path, func(w http.ResponseWriter, r *http.Request) {
		respond(w, nil, refuse(http.StatusNotFound, "There is no %s here.", r.URL.Path))
	})
	return mux
}

type items[T any] struct {
	Items []T `json:"items"`
}

// created is an answer with the status 201.
type created struct{ Chat }

func respond(w http.ResponseWriter, answer any, err error) {
	status := http.StatusOK
	if _, made := answer.(created); made {
		status = http.StatusCreated
	}
	if err != nil {
		status = http.StatusInternalServerError
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			status = refused.status
		}
		answer = map[string]string{"error": err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that has gone wants no answer
}

// Unavailable answers every request with why nobody can be played.
func Unavailable(why string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		respond(w, nil, &refusal{http.StatusNotFound, why})
	})
}

func (s *Simulator) getChats(r *http.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Chat{}
	for _, c := range s.chats {
		if wanted := r.URL.Query().Get("channel"); wanted == "" || wanted == c.channel.Name {
			all = append(all, c.view())
		}
	}
	slices.SortFunc(all, func(a, b Chat) int { return b.At.Compare(a.At) })
	return items[Chat]{all}, nil
}

func (s *Simulator) postChat(r *http.Request) (any, error) {
	var w who
	if err := read(r, &w); err != nil {
		return nil, err
	}
	c, made, err := s.open(w)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if made {
		return created{c.view()}, nil
	}
	return c.view(), nil
}

func (s *Simulator) postMessage(r *http.Request) (any, error) {
	var w writing
	if err := read(r, &w); err != nil {
		return nil, err
	}
	return s.write(context.WithoutCancel(r.Context()), w) // a platform delivers, whether or not the customer looks
}

func (s *Simulator) putTrouble(r *http.Request) (any, error) {
	var t platforms.Trouble
	if err := read(r, &t); err != nil {
		return nil, err
	}
	for _, fraction := range []float64{t.Throttle, t.Refuse, t.Lose, t.Repeat, t.Throttle + t.Refuse + t.Lose} {
		if fraction < 0 || fraction > 1 {
			return nil, refuse(http.StatusUnprocessableEntity, "Troubles are fractions from 0 to 1, and the first three not more than 1 together.")
		}
	}
	s.o.Platforms.SetTrouble(t)
	return s.o.Platforms.Trouble(), nil
}

// maxBody is more than any request of the page has.
const maxBody = 1 << 20

// read reads a body. That it has to be called JSON keeps pages of others from sending one: a browser asks before it sends that.
func read(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "The body has to be application/json.")
	}
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return refuse(http.StatusBadRequest, "The body cannot be read: %v.", err)
	}
	return nil
}

// maxWait is the longest that a request waits for something new.
const maxWait = 25 * time.Second

// seen is what a customer sees.
type seen struct {
	Chat    Chat    `json:"chat"`
	Entries []Entry `json:"entries"`
	Next    int     `json:"next"`
	Typing  bool    `json:"typing"`
	Read    *string `json:"read_until"`

	news    bool            // there is something after what was asked for
	typing  time.Duration   // how long Typing stays true if nothing happens
	changed <-chan struct{} // closed when something changes
}

// getChat answers as soon as there is something new, or when it was waited for long enough.
func (s *Simulator) getChat(r *http.Request) (any, error) {
	after, afterErr := number(r, "after")
	seconds, waitErr := number(r, "wait")
	if err := errors.Join(afterErr, waitErr); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(min(maxWait, time.Duration(seconds)*time.Second))
	for typing := false; ; {
		now, err := s.see(r.PathValue("id"), after)
		if err != nil || now.news || typing && !now.Typing || !time.Now().Before(deadline) {
			return now, err
		}
		typing = now.Typing
		wake := deadline
		if stops := time.Now().Add(now.typing); typing && stops.Before(wake) {
			wake = stops
		}
		select {
		case <-r.Context().Done():
			return now, nil
		case <-s.done:
			return now, nil
		case <-now.changed:
		case <-time.After(time.Until(wake)):
		}
	}
}

// see is what the customer of a chat sees at the moment.
func (s *Simulator) see(id string, after int) (seen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[id]
	if c == nil {
		return seen{}, refuse(http.StatusNotFound, "There is no chat %q: a restart of the server forgets them.", id)
	}
	now := seen{Chat: c.view(), Entries: c.after(after), Next: s.seq, typing: c.typing(time.Now()), changed: s.changed}
	now.Typing, now.news = now.typing > 0, len(now.Entries) > 0 || c.hinted > after
	if c.read != "" {
		now.Read = &c.read
	}
	return now, nil
}

// number reads a parameter that is a number; 0 without it.
func number(r *http.Request, name string) (int, error) {
	given := r.URL.Query().Get(name)
	if given == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 0 {
		return 0, refuse(http.StatusBadRequest, "%s must be a number from 0 on.", name)
	}
	return n, nil
}
