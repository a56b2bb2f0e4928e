package channeltest

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"omni/channels"
)

// Network is a client in whose network one server has every name: what a channel sends to its platform comes there, over TLS. It follows
// no redirects.
func Network(t testing.TB, server http.Handler) *http.Client {
	t.Helper()
	s := httptest.NewUnstartedServer(server)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that hang up are no news
	s.StartTLS()
	t.Cleanup(s.Close)
	client := s.Client()
	transport := client.Transport.(*http.Transport)
	transport.TLSClientConfig.ServerName = "example.com" // in the server's certificate
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

// DoerFunc is a network of one function.
type DoerFunc func(*http.Request) (*http.Response, error)

// Do implements [channels.Doer].
func (f DoerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// Recorder keeps the latest request that a channel sends through it. It is not for requests at the same time.
type Recorder struct {
	channels.Doer
	URL, Body string
}

// Do implements [channels.Doer].
func (r *Recorder) Do(request *http.Request) (*http.Response, error) {
	r.URL, r.Body = request.URL.String(), ""
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		r.Body = string(body)
	}
	return r.Doer.Do(request)
}

// Handshakes is the webhook of a channel as far as its platform's GET is concerned.
func Handshakes(channel channels.Channel) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handshaker, ok := channel.(channels.Handshaker)
		if !ok {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		challenge, err := handshaker.Handshake(&channels.Request{Header: r.Header, Query: r.URL.Query()})
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write(challenge) // a platform that has gone gets nothing
	})
}
