// Package edge translates between AWS's events and the words of the product: API Gateway's HTTP events (payload 2.0) and SQS batches.
package edge

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"omni/channels"
	"omni/internal/pipeline"
)

// Intake is what webhooks are handed to.
type Intake interface {
	Handshake(context.Context, pipeline.Delivery) pipeline.Answer
	Webhook(context.Context, pipeline.Delivery) pipeline.Answer
	Preflight(context.Context, pipeline.Delivery) pipeline.Answer
}

// HTTPHandler is the shape of a Lambda function behind an HTTP API.
type HTTPHandler func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Webhooks answers the webhook routes; routes maps API Gateway's route keys to channel names.
func Webhooks(routes map[string]string, intake Intake) HTTPHandler {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		channel, ok := routes[event.RouteKey]
		if !ok {
			return response(pipeline.Answer{Status: http.StatusNotFound, Body: http.StatusText(http.StatusNotFound)}), nil
		}
		request, err := request(event)
		if err != nil {
			return response(pipeline.Answer{Status: http.StatusBadRequest, Body: err.Error()}), nil
		}
		delivery := pipeline.Delivery{
			Channel: channel, Account: account(event), RequestID: event.RequestContext.RequestID, Request: request,
		}
		switch method, _, _ := strings.Cut(event.RouteKey, " "); method {
		case http.MethodGet:
			return response(intake.Handshake(ctx, delivery)), nil
		case http.MethodOptions:
			return response(intake.Preflight(ctx, delivery)), nil
		}
		return response(intake.Webhook(ctx, delivery)), nil
	}
}

func account(event events.APIGatewayV2HTTPRequest) string {
	if named := event.PathParameters["account"]; named != "" {
		return named
	}
	return channels.DefaultAccount
}

// request undoes what API Gateway did to the request: header names in lower case, several values joined by a comma, the body in Base64.
func request(event events.APIGatewayV2HTTPRequest) (channels.Request, error) {
	r := channels.Request{Header: http.Header{}, Body: []byte(event.Body)}
	for name, value := range event.Headers {
		r.Header.Set(name, value)
	}
	var err error
	if r.Query, err = url.ParseQuery(event.RawQueryString); err != nil {
		return r, errBadQuery
	}
	if event.IsBase64Encoded {
		if r.Body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return r, errBadBase64
		}
	}
	return r, nil
}

const (
	errBadQuery  = requestError("the query string cannot be read")
	errBadBase64 = requestError("the body is not Base64 although it is marked so")
)

type requestError string

func (e requestError) Error() string { return string(e) }

// response renders an answer. Challenges are echoed, so the type is plain text and never sniffed into HTML.
func response(a pipeline.Answer) events.APIGatewayV2HTTPResponse {
	headers := map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
	maps.Copy(headers, a.Header)
	return events.APIGatewayV2HTTPResponse{StatusCode: a.Status, Body: a.Body, Headers: headers}
}
