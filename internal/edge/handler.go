package edge

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// Caller is what the gateway knows of a request: its id, and the claims of the token that it has verified, if there was one.
type Caller struct {
	RequestID string
	Claims    map[string]string
}

// HTTP lets an ordinary HTTP handler answer an HTTP API's events. with puts what the gateway knows of the caller into the request's context.
func HTTP(handler http.Handler, with func(context.Context, Caller) context.Context) HTTPHandler {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		r, err := httpRequest(event)
		if err != nil {
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest, Body: err.Error()}, nil
		}
		answer := &answer{header: http.Header{}}
		handler.ServeHTTP(answer, r.WithContext(with(ctx, callerOf(event))))
		return answer.event(), nil
	}
}

func callerOf(event events.APIGatewayV2HTTPRequest) Caller {
	c := Caller{RequestID: event.RequestContext.RequestID}
	if authorizer := event.RequestContext.Authorizer; authorizer != nil && authorizer.JWT != nil {
		c.Claims = authorizer.JWT.Claims
	}
	return c
}

// httpRequest is the request of which API Gateway made the event. Several values of a header are joined by commas for good; cookies are kept apart.
func httpRequest(event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	request, err := request(event)
	if err != nil {
		return nil, err
	}
	target, err := url.ParseRequestURI(event.RawPath)
	if err != nil {
		target = &url.URL{Path: event.RawPath} // decoded already
	}
	target.RawQuery = event.RawQueryString
	about := event.RequestContext
	r, err := http.NewRequest(about.HTTP.Method, target.String(), bytes.NewReader(request.Body))
	if err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	r.URL, r.Header, r.Host, r.RequestURI = target, request.Header, about.DomainName, target.RequestURI()
	r.RemoteAddr = about.HTTP.SourceIP
	if len(event.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	return r, nil
}

// answer collects what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(part []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(part)
}

// event renders the answer for API Gateway, whose responses have one value for each header, and cookies apart.
func (a *answer) event() events.APIGatewayV2HTTPResponse {
	a.WriteHeader(http.StatusOK)
	response := events.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: map[string]string{}, Cookies: a.header.Values("Set-Cookie")}
	for name, values := range a.header {
		if name != "Set-Cookie" {
			response.Headers[name] = strings.Join(values, ", ")
		}
	}
	if utf8.Valid(a.body.Bytes()) {
		response.Body = a.body.String()
	} else {
		response.Body, response.IsBase64Encoded = base64.StdEncoding.EncodeToString(a.body.Bytes()), true
	}
	return response
}
