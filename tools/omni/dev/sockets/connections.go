package sockets

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// Connections serves what AWS calls @connections: posting to a socket, looking at it and closing it, by its id. Who gets it may do so; in AWS a signature
// shows that.
func (g *Gateway) Connections() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /@connections/{id}", g.with(post))
	mux.Handle("GET /@connections/{id}", g.with(show))
	mux.Handle("DELETE /@connections/{id}", g.with(func(w http.ResponseWriter, _ *http.Request, s *socket) {
		g.remove(s.id)
		go s.close(websocket.StatusNormalClosure)
		w.WriteHeader(http.StatusNoContent)
	}))
	return mux
}

// with finds the socket that a request is about.
func (g *Gateway) with(do func(http.ResponseWriter, *http.Request, *socket)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, ok := g.find(r.PathValue("id"))
		if !ok {
			refuse(w, http.StatusGone, "GoneException")
			return
		}
		do(w, r, s)
	}
}

// refuse answers with an error as AWS's clients read it.
func refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("X-Amzn-Errortype", name)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": http.StatusText(status)}) // a client that has gone wants no answer
}

func post(w http.ResponseWriter, r *http.Request, s *socket) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxMessage+1))
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "BadRequestException")
	case len(body) > maxMessage:
		refuse(w, http.StatusRequestEntityTooLarge, "PayloadTooLargeException")
	case s.write(r.Context(), body) != nil:
		s.gateway.remove(s.id)
		refuse(w, http.StatusGone, "GoneException")
	default:
		w.WriteHeader(http.StatusOK)
	}
}

func show(w http.ResponseWriter, _ *http.Request, s *socket) {
	s.mu.Lock()
	lastActive := s.lastActive
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // as in refuse
		"connectedAt": s.connectedAt.UTC().Format(time.RFC3339), "lastActiveAt": lastActive.UTC().Format(time.RFC3339),
		"identity": map[string]string{"sourceIp": s.identity.SourceIP, "userAgent": s.identity.UserAgent},
	})
}
