package edge_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"omni/internal/edge"
)

type callerKey struct{}

func withCaller(ctx context.Context, c edge.Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// What a handler sees of a request, and what a client sees of its answer, is the same with API Gateway between them as without.
func TestAHandlerAnswersAsBehindAServer(t *testing.T) {
	t.Parallel()
	type sight struct {
		Method, Path, EscapedPath, Query, Host, Header, Body string
		Cookies                                              []string
	}
	var saw sight
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		saw = sight{r.Method, r.URL.Path, r.URL.EscapedPath(), r.URL.RawQuery, r.Host, r.Header.Get("X-Some"), string(body), nil}
		for _, cookie := range r.Cookies() {
			saw.Cookies = append(saw.Cookies, cookie.String())
		}
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Origin")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		w.WriteHeader(http.StatusAccepted)
		w.Write(body)
	})
	for name, test := range map[string]struct{ method, target, body string }{
		"text":            {"POST", "/v1/things/1?cursor=a%2Bb&limit=3", `{"text":"äöü"}`},
		"bytes":           {"PUT", "/v1/files", "\xff\x00binary"},
		"an escaped path": {"GET", "/v1/a%2Fb/c%20d", ""},
	} {
		request := func() *http.Request {
			r := httptest.NewRequest(test.method, test.target, strings.NewReader(test.body))
			r.Header.Set("X-Some", "one,two")
			r.AddCookie(&http.Cookie{Name: "session", Value: "x"})
			r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"})
			return r
		}
		direct := httptest.NewRecorder()
		handler.ServeHTTP(direct, request())
		want := saw

		event, err := edge.Event(request(), "ANY /v1/{proxy+}")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"session=x", "theme=dark"}, event.Cookies); diff != "" || event.Headers["cookie"] != "" {
			t.Errorf("%s: cookies are not handed over apart: %s", name, diff)
		}
		response, err := edge.HTTP(handler, withCaller)(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, saw); diff != "" {
			t.Errorf("%s: the handler saw (-direct +event):\n%s", name, diff)
		}
		through := httptest.NewRecorder()
		if err := edge.Write(through, response); err != nil {
			t.Fatal(err)
		}
		if through.Code != direct.Code || !bytes.Equal(through.Body.Bytes(), direct.Body.Bytes()) || through.Header().Get("Vary") != "Accept, Origin" {
			t.Errorf("%s: answered %d %q %v", name, through.Code, through.Body, through.Header())
		}
		if diff := cmp.Diff(direct.Header().Values("Set-Cookie"), through.Header().Values("Set-Cookie")); diff != "" {
			t.Errorf("%s: cookies (-direct +event):\n%s", name, diff)
		}
	}
}

func TestTheCallerIsWhomTheGatewayVerified(t *testing.T) {
	t.Parallel()
	jwt := &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"sub": "ada"}}
	for name, test := range map[string]struct {
		authorizer *events.APIGatewayV2HTTPRequestContextAuthorizerDescription
		claims     map[string]string
	}{
		"a token":       {&events.APIGatewayV2HTTPRequestContextAuthorizerDescription{JWT: jwt}, jwt.Claims},
		"another way":   {&events.APIGatewayV2HTTPRequestContextAuthorizerDescription{}, nil},
		"no authorizer": {nil, nil},
	} {
		var got edge.Caller
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got, _ = r.Context().Value(callerKey{}).(edge.Caller) })
		response, err := edge.HTTP(handler, withCaller)(t.Context(), events.APIGatewayV2HTTPRequest{RawPath: "/v1/me", RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: "r-1", Authorizer: test.authorizer, HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet},
		}})
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response, err)
		}
		if diff := cmp.Diff(edge.Caller{RequestID: "r-1", Claims: test.claims}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnEventThatIsNoRequestIsRefused(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]events.APIGatewayV2HTTPRequest{
		"broken Base64": {RawPath: "/v1/me", Body: "%", IsBase64Encoded: true},
		"broken query":  {RawPath: "/v1/me", RawQueryString: "%zz"},
		"no method":     {RawPath: "/v1/me", RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "A B"}}},
	} {
		response, err := edge.HTTP(http.NotFoundHandler(), withCaller)(t.Context(), event)
		if err != nil || response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %+v, %v", name, response, err)
		}
	}
}
