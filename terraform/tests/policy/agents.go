package policy

import (
	"fmt"
	"slices"
	"strings"
)

var agentRules = []Rule{
	{Name: "the agents' API wants a token of one issuer, made for one client", Check: tokens},
	{Name: "the WebSocket API answers, and clients get its latest routes", Check: sockets},
	{Name: "the pusher posts to the sockets that the API has opened", Check: pushes, OnMocks: true},
	{Name: "people are invited, sign in by a code that they alone can use, and a stolen refresh token shows", Check: signIn},
}

// agentsAPI is what the keys of the agents' routes have after their method.
const agentsAPI = " /v1/"

func tokens(s Stack) (broken []string) {
	var routes int
	for _, route := range s.of("aws_apigatewayv2_route") {
		key := route.text("route_key")
		if !strings.Contains(key, agentsAPI) {
			continue
		}
		routes++
		if route.text("authorization_type") != "JWT" || !route.given("authorizer_id") {
			broken = append(broken, route.breaks("lets requests without a token through to %s", key))
		}
	}
	if routes == 0 {
		broken = append(broken, "no route leads to the agents' API")
	}
	for _, authorizer := range s.of("aws_apigatewayv2_authorizer") {
		const of = "jwt_configuration.0."
		issuer, audience := authorizer.text(of+"issuer"), authorizer.list(of+"audience")
		if authorizer.known(of+"issuer") && !strings.HasPrefix(issuer, "https://") || authorizer.known(of+"audience") && len(audience) != 1 {
			broken = append(broken, authorizer.breaks("takes tokens of %q for %v", issuer, audience))
		}
		if !authorizer.has("identity_sources", "$request.header.Authorization") {
			broken = append(broken, authorizer.breaks("looks for the token in %v", authorizer.list("identity_sources")))
		}
	}
	return broken
}

// overWebSocket tells whether what is in the module belongs to a WebSocket API.
func (s Stack) overWebSocket(module string) bool {
	return slices.ContainsFunc(s.inModule(module, "aws_apigatewayv2_api"), func(api Resource) bool { return api.text("protocol_type") == "WEBSOCKET" })
}

func sockets(s Stack) (broken []string) {
	for _, api := range s.of("aws_apigatewayv2_api") {
		if !s.overWebSocket(api.Module) {
			continue
		}
		var keys []string
		for _, route := range s.inModule(api.Module, "aws_apigatewayv2_route") {
			keys = append(keys, route.text("route_key"))
			if route.text("route_key") == "$default" && route.text("route_response_selection_expression") == "" {
				broken = append(broken, route.breaks("sends nothing of what the function returns back through the socket"))
			}
		}
		slices.Sort(keys)
		if !slices.Equal(keys, []string{"$connect", "$default", "$disconnect"}) {
			broken = append(broken, api.breaks("has the routes %v", keys))
		}
		if len(s.inModule(api.Module, "aws_apigatewayv2_route_response")) == 0 {
			broken = append(broken, api.breaks("has no route response, so nothing goes back through the socket"))
		}
		broken = append(broken, s.deployed(api)...)
	}
	return broken
}

// deployed wants a deployment that follows the routes, and a stage that stands on it.
func (s Stack) deployed(api Resource) (broken []string) {
	deployments := s.inModule(api.Module, "aws_apigatewayv2_deployment")
	if len(deployments) != 1 || !deployments[0].given("triggers") {
		broken = append(broken, api.breaks("has no deployment that follows its routes"))
	}
	for _, stage := range s.inModule(api.Module, "aws_apigatewayv2_stage") {
		if !stage.given("deployment_id") {
			broken = append(broken, stage.breaks("stands on no deployment"))
		}
	}
	return broken
}

func pushes(s Stack) (broken []string) {
	opened, openedKnown := s.variable("api", "WEBSOCKET_URL")
	posted, postedKnown := s.variable("pusher", "CONNECTIONS_URL")
	host, secure := strings.CutPrefix(opened, "wss://")
	if openedKnown && postedKnown && (!secure || posted != "https://"+host) {
		broken = append(broken, "sockets are opened at "+opened+", but posted to at "+posted)
	}
	return broken
}

// function is the one that the project calls so.
func (s Stack) function(name string) Resource {
	all := s.of("aws_lambda_function")
	if i := slices.IndexFunc(all, func(function Resource) bool { return s.nameOf(function) == name }); i >= 0 {
		return all[i]
	}
	return Resource{}
}

// variable is that of a function's environment; known is false where only an apply will tell.
func (s Stack) variable(function, name string) (value string, known bool) {
	f, at := s.function(function), "environment.0.variables."+name
	return f.text(at), f.known(at)
}

func signIn(s Stack) (broken []string) {
	for _, pool := range s.of("aws_cognito_user_pool") {
		if !pool.flag("admin_create_user_config.0.allow_admin_create_user_only") {
			broken = append(broken, pool.breaks("lets anybody sign up"))
		}
		if length := pool.number("password_policy.0.minimum_length"); length < 12 {
			broken = append(broken, pool.breaks("takes passwords of %v characters", length))
		}
		if mfa := pool.text("mfa_configuration"); mfa != "OPTIONAL" && mfa != "ON" {
			broken = append(broken, pool.breaks("allows no second factor: %q", mfa))
		}
	}
	for _, client := range s.of("aws_cognito_user_pool_client") {
		broken = append(broken, codeOnly(client)...)
	}
	return broken
}

// codeOnly says what is wrong with a client whose secret would be in everybody's browser.
func codeOnly(client Resource) (broken []string) {
	if flows := client.list("allowed_oauth_flows"); len(flows) != 1 || flows[0] != "code" || client.flag("generate_secret") {
		broken = append(broken, client.breaks("signs in by %v, with a secret: %t", flows, client.flag("generate_secret")))
	}
	for _, attribute := range []string{"callback_urls", "logout_urls"} {
		for i := range client.list(attribute) {
			at := fmt.Sprintf("%s.%d", attribute, i)
			if client.known(at) && !strings.HasPrefix(client.text(at), "https://") {
				broken = append(broken, client.breaks("sends people to %q", client.text(at)))
			}
		}
	}
	for _, flow := range client.list("explicit_auth_flows") {
		if flow == "ALLOW_USER_PASSWORD_AUTH" || flow == "ALLOW_REFRESH_TOKEN_AUTH" {
			broken = append(broken, client.breaks("allows %v: passwords in the page, or refreshing without rotation", flow))
		}
	}
	if client.text("refresh_token_rotation.0.feature") != "ENABLED" {
		broken = append(broken, client.breaks("has refresh tokens that work more than once"))
	}
	return broken
}
