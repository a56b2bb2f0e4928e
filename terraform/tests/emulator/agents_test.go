package emulator

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"
)

// checkAgents follows a request with a token from the API to the function, and the token to the user pool.
func (w *world) checkAgents(t *testing.T) {
	gateway := apigatewayv2.NewFromConfig(w.config())
	api := w.api(t, gateway, "omni-agents")
	targets := w.targets(t, gateway, api)
	if target := targets["ANY /v1/{proxy+}"]; len(targets) != 1 || !strings.Contains(target, ":function:omni-api") {
		t.Errorf("the routes are %v", targets)
	}
	w.checkInvocation(t, "omni-api", api, "/*/*/v1/*")

	pool, client := output[string](t, w.omni, "user_pool_id"), output[string](t, w.omni, "client_id")
	jwt := w.tokens(t, gateway, api)
	if *jwt.Issuer != "https://cognito-idp.us-east-1.amazonaws.com/"+pool || !slices.Equal(jwt.Audience, []string{client}) {
		t.Errorf("tokens are wanted of %s for %v, but the dashboard signs in at the pool %s as %s", *jwt.Issuer, jwt.Audience, pool, client)
	}
	w.checkClient(t, pool, client)
}

// tokens are those that the API's only route lets through.
func (w *world) tokens(t *testing.T, gateway *apigatewayv2.Client, api string) *types.JWTConfiguration {
	t.Helper()
	routes, err := gateway.GetRoutes(t.Context(), &apigatewayv2.GetRoutesInput{ApiId: &api})
	if err != nil || len(routes.Items) != 1 || routes.Items[0].AuthorizationType != types.AuthorizationTypeJwt {
		t.Fatalf("wanted is one route that wants a token, there are %+v, %v", routes, err)
	}
	authorizer, err := gateway.GetAuthorizer(t.Context(), &apigatewayv2.GetAuthorizerInput{ApiId: &api, AuthorizerId: routes.Items[0].AuthorizerId})
	if err != nil {
		t.Fatal(err)
	}
	return authorizer.JwtConfiguration
}

// checkClient wants people to come back from the sign-in page to the dashboard, which has no secret.
func (w *world) checkClient(t *testing.T, pool, client string) {
	t.Helper()
	described, err := cognitoidentityprovider.NewFromConfig(w.config()).DescribeUserPoolClient(t.Context(), &cognitoidentityprovider.DescribeUserPoolClientInput{
		UserPoolId: &pool, ClientId: &client,
	})
	if err != nil {
		t.Fatal(err)
	}
	dashboard, got := output[string](t, w.omni, "dashboard_url"), described.UserPoolClient
	if !slices.Equal(got.CallbackURLs, []string{dashboard + "/callback"}) || !slices.Equal(got.LogoutURLs, []string{dashboard + "/"}) || got.ClientSecret != nil {
		t.Errorf("the client leads back from %s to %v and %v; has it a secret? %t", dashboard, got.CallbackURLs, got.LogoutURLs, got.ClientSecret != nil)
	}
}

// checkSockets follows every message of a socket to the function, and what is posted back to the same stage.
func (w *world) checkSockets(t *testing.T) {
	gateway := apigatewayv2.NewFromConfig(w.config())
	api := w.api(t, gateway, "omni-websocket")
	targets := w.targets(t, gateway, api)
	for _, key := range []string{"$connect", "$disconnect", "$default"} {
		if !strings.Contains(targets[key], ":function:omni-realtime") {
			t.Errorf("%s leads to %q", key, targets[key])
		}
	}
	w.checkInvocation(t, "omni-realtime", api, "/live/*")
	stage, err := gateway.GetStage(t.Context(), &apigatewayv2.GetStageInput{ApiId: &api, StageName: aws.String("live")})
	if err != nil || aws.ToString(stage.DeploymentId) == "" {
		t.Errorf("the stage stands on no deployment: %+v, %v", stage, err)
	}
	if posts := w.allowed(t, "omni-pusher", "execute-api:ManageConnections"); len(posts) != 1 || !strings.HasSuffix(posts[0], ":"+api+"/live/POST/@connections/*") {
		t.Errorf("the pusher may post to %v, the API is %s", posts, api)
	}
	if url := output[string](t, w.omni, "websocket_url"); url != "wss://"+api+".execute-api.us-east-1.amazonaws.com/live" {
		t.Errorf("sockets are opened at %s", url)
	}
}

// checkDashboard reads what a browser would get, without CloudFront, which the emulator lacks.
func (w *world) checkDashboard(t *testing.T) {
	script, cache := w.object(t, "assets/index-0a1b2c3d.js")
	if !strings.Contains(script, "the dashboard") || !strings.Contains(cache, "immutable") {
		t.Errorf("the script is %q, kept as %q", script, cache)
	}
	if _, cache := w.object(t, "index.html"); cache != "no-cache" {
		t.Errorf("the page is kept as %q", cache)
	}
	text, cache := w.object(t, "config.json")
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil || cache != "no-store" {
		t.Fatalf("config.json is %s, kept as %q: %v", text, cache, err)
	}
	pool, client := output[string](t, w.omni, "user_pool_id"), output[string](t, w.omni, "client_id")
	want := map[string]any{
		"issuer": "https://cognito-idp.us-east-1.amazonaws.com/" + pool, "client_id": client, "api_url": "", "dev": false,
		"logout_url": "https://omni-123456789012.auth.us-east-1.amazoncognito.com/logout?client_id=" + client + "&logout_uri=https%3A%2F%2Fomni.cloudfront.invalid%2F",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config.json (-want +got):\n%s", diff)
	}
}

// object reads one of the dashboard's files, and for how long browsers may keep it.
func (w *world) object(t *testing.T, key string) (content, cache string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.endpoint+"/omni-web-123456789012-us-east-1/"+key, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %s, %v", key, response.StatusCode, body, err)
	}
	return string(body), response.Header.Get("Cache-Control")
}
