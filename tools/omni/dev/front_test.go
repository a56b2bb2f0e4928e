package dev

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestFront(t *testing.T) {
	t.Parallel()
	echo := func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if e.Body == "break" {
			return events.APIGatewayV2HTTPResponse{}, errors.New("broken")
		}
		return events.APIGatewayV2HTTPResponse{
			StatusCode: http.StatusTeapot, Headers: map[string]string{"X-Route": e.RouteKey},
			Body: e.PathParameters["account"] + "|" + e.RawQueryString + "|" + e.Body,
		}, nil
	}
	web := httptest.NewServer(front{
		webhooks: []string{"POST /webhooks/pigeon/{account}", "GET /webhooks/pigeon"}, webhook: echo, files: http.NotFoundHandler(), log: quiet,
	}.handler())
	defer web.Close()
	for _, c := range []struct {
		method, path, body string
		status             int
		answer, route      string
	}{
		{"POST", "/webhooks/pigeon/loft", "coo", http.StatusTeapot, "loft||coo", "POST /webhooks/pigeon/{account}"},
		{"POST", "/webhooks/pigeon/a%2Fb?x=1", "", http.StatusTeapot, "a/b|x=1|", "POST /webhooks/pigeon/{account}"},
		{"GET", "/webhooks/pigeon?hub.mode=subscribe", "", http.StatusTeapot, "|hub.mode=subscribe|", "GET /webhooks/pigeon"},
		{"POST", "/webhooks/raven", "coo", http.StatusNotFound, "404", ""},
		{"POST", "/webhooks/pigeon/loft", "break", http.StatusInternalServerError, "Internal Server Error", ""},
		{"POST", "/webhooks/pigeon/loft", strings.Repeat("x", 10<<20+1), http.StatusRequestEntityTooLarge, "10 MB", ""},
		{"GET", "/", "", http.StatusOK, "POST /webhooks/pigeon/{account}", ""},
		{"GET", "/v1/me", "", http.StatusNotFound, "404", ""},
		{"GET", "/oidc/authorize", "", http.StatusNotFound, "404", ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, web.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := web.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != c.status || !strings.Contains(string(answer), c.answer) || response.Header.Get("X-Route") != c.route {
			t.Errorf("%s %s: %d, %q, route %q, %v", c.method, c.path, response.StatusCode, answer, response.Header.Get("X-Route"), err)
		}
	}
}
