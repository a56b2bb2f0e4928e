package lambda_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/store/storetest"
)

func TestTheAPIBootstrapAnswersAgents(t *testing.T) {
	t.Parallel()
	_, database := storetest.New(t)
	_, queueURL, endpoint := startQueue(t)
	function := startFunction(t, bootstrap(t, "api"), map[string]string{
		"DATABASE_URL": database, "MESSAGE_QUEUE_URL": queueURL,
		"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	event := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "ANY /v1/{proxy+}", RawPath: "/v1/me",
		RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet}},
	}
	for status, claims := range map[int]map[string]string{
		http.StatusUnauthorized: nil, http.StatusOK: {"sub": "1", "name": "Grüße", "cognito:groups": "[admin]"},
	} {
		event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
		}
		var answer events.APIGatewayV2HTTPResponse
		if err := function.invoke(t.Context(), event, &answer); err != nil || answer.StatusCode != status {
			t.Fatalf("%d wanted, answered with %+v, %v", status, answer, err)
		}
		if status == http.StatusOK && (!strings.Contains(answer.Body, `"name":"Grüße"`) || !strings.Contains(answer.Body, `"role":"admin"`)) {
			t.Errorf("answered with %s", answer.Body)
		}
	}
}
