package app_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/api"
)

// agentsRequest is a request of an agent as API Gateway hands it over, or of nobody.
func agentsRequest(method, path, body, subject string) events.APIGatewayV2HTTPRequest {
	event := events.APIGatewayV2HTTPRequest{
		RouteKey: "ANY /v1/{proxy+}", RawPath: path, Body: body, Headers: map[string]string{"content-type": "application/json", "idempotency-key": path + subject},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RequestID: "request-1", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method},
		},
	}
	if subject != "" {
		event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"sub": subject, "name": "Ada", "cognito:groups": "[admin]"}},
		}
	}
	return event
}

// A customer's message comes in, and an agent finds and answers it, each function in its own role.
func TestTheRolesSufficeForTheAgentsSide(t *testing.T) {
	s := hire(t)
	hello, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", hello)
	s.hand(s.process)
	serve := s.parts(as(t, s.url, "omni_api")).API()
	call := func(status int, method, path, body, subject string, into any) {
		t.Helper()
		response, err := serve(t.Context(), agentsRequest(method, path, body, subject))
		if err != nil || response.StatusCode != status {
			t.Fatalf("%s %s: %d wanted, got %v, %v", method, path, status, response, err)
		}
		if into == nil {
			return
		}
		if err := json.Unmarshal([]byte(response.Body), into); err != nil {
			t.Fatal(err)
		}
	}
	var problem api.Problem
	call(http.StatusUnauthorized, http.MethodGet, "/v1/me", "", "", &problem)
	if problem.RequestID != "request-1" || problem.Code != "unauthenticated" {
		t.Errorf("%+v", problem)
	}
	var me api.Me
	call(http.StatusOK, http.MethodGet, "/v1/me", "", "ada", &me)
	if me.Name != "Ada" || me.Role != "admin" {
		t.Errorf("%+v", me)
	}
	var list struct{ Items []struct{ ID string } }
	call(http.StatusOK, http.MethodGet, "/v1/conversations", "", "ada", &list)
	if len(list.Items) != 1 {
		t.Fatalf("%d conversations", len(list.Items))
	}
	call(http.StatusAccepted, http.MethodPost, "/v1/conversations/"+list.Items[0].ID+"/messages", `{"text":"We open at nine."}`, "ada", nil)
	if len(s.queued) != 1 {
		t.Errorf("%d messages are on their way", len(s.queued))
	}
}
