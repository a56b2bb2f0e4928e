package edge

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
)

// maxGatewayBody is the largest body that API Gateway takes: 10 MB
// (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
const maxGatewayBody = 10 << 20

// ErrTooLarge means that a request's body is larger than API Gateway would take.
var ErrTooLarge = errors.New("the body is larger than 10 MB")

// Event makes of an HTTP request the event that API Gateway would make of it, for a server that stands in for it on a laptop. routeKey
// is the route that matched; as a pattern of http.ServeMux it has given r its path values.
func Event(r *http.Request, routeKey string) (events.APIGatewayV2HTTPRequest, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxGatewayBody+1))
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, fmt.Errorf("reading the request: %w", err)
	}
	if len(body) > maxGatewayBody {
		return events.APIGatewayV2HTTPRequest{}, ErrTooLarge
	}
	event := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: routeKey, RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{}, PathParameters: map[string]string{},
	}
	for name, values := range r.Header {
		event.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	for _, cookie := range r.Cookies() { // handed over apart
		event.Cookies = append(event.Cookies, cookie.Name+"="+cookie.Value)
	}
	delete(event.Headers, "cookie")
	if account := r.PathValue("account"); account != "" {
		event.PathParameters["account"] = account
	}
	setBody(&event, body)
	setContext(&event, r)
	return event, nil
}

// setBody hands over text as it is and everything else in Base64, as API Gateway does.
func setBody(event *events.APIGatewayV2HTTPRequest, body []byte) {
	event.Body = string(body)
	if !utf8.Valid(body) {
		event.Body, event.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
}

func setContext(event *events.APIGatewayV2HTTPRequest, r *http.Request) {
	now := time.Now()
	sourceIP, _, _ := net.SplitHostPort(r.RemoteAddr)
	event.RequestContext = events.APIGatewayV2HTTPRequestContext{
		RouteKey: event.RouteKey, Stage: "$default", RequestID: uuid.NewString(), DomainName: r.Host,
		Time: now.UTC().Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: r.Method, Path: event.RawPath, Protocol: r.Proto, SourceIP: sourceIP, UserAgent: r.UserAgent(),
		},
	}
}

// Write sends a function's response as API Gateway would.
func Write(w http.ResponseWriter, response events.APIGatewayV2HTTPResponse) error {
	body := []byte(response.Body)
	if response.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(response.Body); err != nil {
			return fmt.Errorf("decoding the response: %w", err)
		}
	}
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(response.StatusCode)
	_, err := w.Write(body)
	return err
}
