package emulator

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

const refusal = "not authorized to perform: lambda:CreateEventSourceMapping"

// A proxy stands before the emulator and can refuse what AWS can refuse.
type proxy struct {
	url    string
	refuse atomic.Bool // whether event source mappings of the stack "shop" are refused
}

func startProxy(t *testing.T, emulator string) *proxy {
	t.Helper()
	to, err := url.Parse(emulator)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{}
	pass := httputil.NewSingleHostReverseProxy(to)
	pass.ErrorLog = log.New(io.Discard, "", 0) // an interrupted Terraform leaves requests behind
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.refuse.Load() && r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/event-source-mappings") && ofShop(r) {
			w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
			http.Error(w, `{"Message": "`+refusal+`"}`, http.StatusForbidden)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// ofShop tells whether the request names a function of the stack "shop", and leaves its body to be read again.
func ofShop(r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil && bytes.Contains(body, []byte(":function:shop-"))
}
