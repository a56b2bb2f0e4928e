package policy

import (
	"slices"
	"strconv"
	"strings"
)

var webhookRules = []Rule{
	{Name: "every route is authorized, or public for a reason", Check: authorized},
	{Name: "every channel of the manifest is routed, and nothing else", Check: routed},
	{Name: "every channel has a secret, and no value of one enters the state", Check: secrets},
	{Name: "APIs are throttled, and keep an access log where they can", Check: stage},
	{Name: "a schedule lets the database sleep", Check: schedules},
}

// public lists what needs no authorizer: what a route's key begins with, and why.
var public = map[string]string{
	"POST /webhooks/":    "a platform has no credentials of ours; the function checks its signature over the raw bytes before anything else",
	"GET /webhooks/":     "a platform's handshake; the function checks the verify token",
	"OPTIONS /webhooks/": "a browser asks whether a visitor's page may post, and sends no token with that",
	"ANY /visitors/":     "visitors have no credentials of ours; the function checks the page's origin and the visitor's token before anything else",
	"$connect":           "a browser cannot send a token when it opens a socket; the function wants a ticket, which works once",
	"$disconnect":        "of a socket that was let in",
	"$default":           "of a socket that was let in",
}

func authorized(s Stack) (broken []string) {
	for _, route := range s.of("aws_apigatewayv2_route") {
		key := route.text("route_key")
		var reason string
		for begin, why := range public {
			if strings.HasPrefix(key, begin) {
				reason = why
			}
		}
		if kind := route.text("authorization_type"); (kind == "" || kind == "NONE") && reason == "" {
			broken = append(broken, route.breaks("lets anybody call %s", key))
		}
		if !route.given("target") {
			broken = append(broken, route.breaks("leads nowhere"))
		}
	}
	return broken
}

func routed(s Stack) (broken []string) {
	var there, wanted []string
	for _, route := range s.of("aws_apigatewayv2_route") {
		there = append(there, route.text("route_key"))
	}
	for name, channel := range s.Project.Channels {
		for _, route := range channel.Routes {
			wanted = append(wanted, route.Key)
			if !slices.Contains(there, route.Key) {
				broken = append(broken, name+" has no route "+route.Key)
			}
		}
	}
	for _, key := range there {
		if strings.Contains(key, " /webhooks/") && !slices.Contains(wanted, key) {
			broken = append(broken, "route "+key+" belongs to no channel")
		}
	}
	return broken
}

// valued are types of resources that hold a secret's value, and so would the state.
var valued = []string{"aws_secretsmanager_secret_version", "aws_ssm_parameter", "random_password", "aws_iam_access_key"}

func secrets(s Stack) (broken []string) {
	for channel := range s.Project.Channels {
		name := s.Project.Prefix + "/channels/" + channel
		if !slices.ContainsFunc(s.of("aws_secretsmanager_secret"), func(secret Resource) bool { return secret.text("name") == name }) {
			broken = append(broken, channel+" has no secret "+name)
		}
	}
	for _, resource := range s.of(valued...) {
		broken = append(broken, resource.breaks("puts a value into the state; `omni secrets set` puts it into AWS"))
	}
	for _, cluster := range s.of("aws_rds_cluster") {
		if cluster.text("master_password") != "" || !cluster.flag("manage_master_user_password") {
			broken = append(broken, cluster.breaks("has a password in the state: RDS is to make it"))
		}
	}
	return broken
}

func stage(s Stack) (broken []string) {
	for _, stage := range s.of("aws_apigatewayv2_stage") {
		rate, burst := stage.number("default_route_settings.0.throttling_rate_limit"), stage.number("default_route_settings.0.throttling_burst_limit")
		if rate < 1 || burst < 1 {
			broken = append(broken, stage.breaks("is not throttled"))
		}
		// AWS refuses one of a WebSocket API unless the account has a role for it, which is not this stack's to make.
		if !stage.given("access_log_settings") && !s.overWebSocket(stage.Module) {
			broken = append(broken, stage.breaks("keeps no access log"))
		}
		// A handshake's query string holds the verify token, that of a socket its ticket.
		if format := stage.text("access_log_settings.0.format"); strings.Contains(format, "uery") {
			broken = append(broken, stage.breaks("logs query strings: %s", format))
		}
	}
	return broken
}

// Every run wakes the database and keeps it awake for minutes. AWS refuses a malformed expression only when it is applied.
func schedules(s Stack) (broken []string) {
	for _, schedule := range s.of("aws_scheduler_schedule") {
		if expression := schedule.text("schedule_expression"); !rare(expression) {
			broken = append(broken, schedule.breaks("runs at %q: wanted are fixed times, at most four a day, as cron(minute hour ? ...)", expression))
		}
	}
	return broken
}

// rare tells whether the expression is well-formed and names one minute and at most four hours.
func rare(expression string) bool {
	inner, isCron := strings.CutPrefix(expression, "cron(")
	inner, closed := strings.CutSuffix(inner, ")")
	fields := strings.Fields(inner)
	if !isCron || !closed || len(fields) != 6 || (fields[2] == "?") == (fields[4] == "?") {
		return false
	}
	hours := strings.Split(fields[1], ",")
	return isNumber(fields[0], 59) && len(hours) <= 4 && !slices.ContainsFunc(hours, func(hour string) bool { return !isNumber(hour, 23) })
}

func isNumber(text string, most int) bool {
	number, err := strconv.Atoi(text)
	return err == nil && number >= 0 && number <= most
}
