package simulate

import (
	"net/http"
	"net/url"

	"omni/channels"
)

// API is a [Platform] that can be called as well.
type API interface {
	// API plays the platform's servers, whatever their host names. It enforces the documented rules and refuses what breaks one as the
	// platform would. accounts are the credential accounts that exist there, with the secrets by which it knows them; client makes the
	// requests by which the platform checks a callback URL.
	API(accounts map[string]channels.Secrets, client channels.Doer) http.Handler
}

// Redirect sends every request to the server that plays the platform. The platform's own host name stays in the Host header.
func Redirect(client channels.Doer, server *url.URL) channels.Doer { return redirect{client, server} }

type redirect struct {
	client channels.Doer
	server *url.URL
}

func (r redirect) Do(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = r.server.Scheme, r.server.Host
	return r.client.Do(request)
}
