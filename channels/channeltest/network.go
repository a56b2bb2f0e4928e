package channeltest

import (
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
