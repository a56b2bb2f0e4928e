package policy

import (
	"net/url"
	"slices"
	"strings"

	"omni/internal/app"
)

// connectionsEach is how many connections an instance of a function opens at most: the size of its pool in internal/app.
const connectionsEach = 2

var functionRules = []Rule{
	{Name: "every folder of lambda/ is a function, and only those", Check: functions},
	{Name: "functions are built for what they run on", Check: runtimes},
	{Name: "every function has its own log group, with an end", Check: logGroups},
	{Name: "every function has its own role", Check: roles},
	{Name: "every function is traced", Check: traced},
	{Name: "every function finds in its environment what internal/app reads from it", Check: environments, OnMocks: true},
	{Name: "every function has a database user of its own, without a password", Check: databaseUsers, OnMocks: true},
	{Name: "the database bears the connections of all functions", Check: connections},
}

// nameOf is what the project calls the function.
func (s Stack) nameOf(function Resource) string {
	return strings.TrimPrefix(function.text("function_name"), s.Project.Prefix+"-")
}

func functions(s Stack) (broken []string) {
	var names []string
	for _, function := range s.of("aws_lambda_function") {
		name := s.nameOf(function)
		names = append(names, name)
		if !slices.Contains(s.Project.Functions, name) {
			broken = append(broken, function.breaks("is called %q, but there is no such folder in lambda/", function.text("function_name")))
		}
	}
	for _, folder := range s.Project.Functions {
		if !slices.Contains(names, folder) {
			broken = append(broken, "lambda/"+folder+" is not deployed")
		}
	}
	return broken
}

func runtimes(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		runtime := function.text("runtime")
		if runtime != "provided.al2023" || !function.has("architectures", "arm64") || function.text("handler") != "bootstrap" {
			broken = append(broken, function.breaks("runs %q on %v by %q, but build/arm64 holds executables called bootstrap for provided.al2023",
				runtime, function.list("architectures"), function.text("handler")))
		}
	}
	return broken
}

func logGroups(s Stack) (broken []string) {
	used := map[string]string{}
	for _, function := range s.of("aws_lambda_function") {
		group := function.text("logging_config.0.log_group")
		kept := slices.ContainsFunc(s.of("aws_cloudwatch_log_group"), func(g Resource) bool {
			return g.text("name") == group && g.number("retention_in_days") > 0
		})
		if group != "/aws/lambda/"+function.text("function_name") || !kept {
			broken = append(broken, function.breaks("logs into %q, which is not its own, or not made here with a retention", group))
		}
		if other, taken := used[group]; taken {
			broken = append(broken, function.breaks("logs into the same group as %s", other))
		}
		used[group] = function.Address
	}
	for _, group := range s.of("aws_cloudwatch_log_group") {
		if group.number("retention_in_days") <= 0 {
			broken = append(broken, group.breaks("keeps its lines for ever"))
		}
	}
	return broken
}

// A role's ARN is not known before the first apply, so there has to be one of the function's name in its module as well.
func roles(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		name := function.text("function_name")
		own := slices.ContainsFunc(s.inModule(function.Module, "aws_iam_role"), func(role Resource) bool { return role.text("name") == name })
		if !own || function.known("role") && lastPart(function.text("role")) != name {
			broken = append(broken, function.breaks("has no role of its own called %q", name))
		}
	}
	return broken
}

func traced(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		if mode := function.text("tracing_config.0.mode"); mode != "Active" {
			broken = append(broken, function.breaks("is not traced: mode %q", mode))
		}
	}
	return broken
}

// environment returns the function's variables; known is false where only an apply will tell.
func environment(function Resource) (variables map[string]any, known bool) {
	value, known := function.value("environment.0.variables")
	variables, _ = value.(map[string]any)
	return variables, known
}

func environments(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		variables, known := environment(function)
		if !known {
			continue
		}
		config, err := app.ReadConfig(s.nameOf(function), func(name string) string {
			text, _ := variables[name].(string)
			return text
		})
		if err != nil {
			broken = append(broken, function.breaks("would not start: %v", err))
		}
		// The alarms and the dashboard look there.
		if config.MetricsNamespace != s.Project.Prefix {
			broken = append(broken, function.breaks("counts in the namespace %q, not in %q", config.MetricsNamespace, s.Project.Prefix))
		}
	}
	return broken
}

func databaseUsers(s Stack) (broken []string) {
	users := map[string]string{}
	for _, function := range s.of("aws_lambda_function") {
		address := function.text("environment.0.variables.DATABASE_URL")
		if address == "" {
			continue
		}
		parsed, err := url.Parse(address)
		if err != nil {
			broken = append(broken, function.breaks("has no URL in DATABASE_URL: %v", err))
			continue
		}
		user := parsed.User.Username()
		if _, secret := parsed.User.Password(); secret || function.text("environment.0.variables.DATABASE_CREDENTIALS") == "" {
			broken = append(broken, function.breaks("has a password in DATABASE_URL, or no DATABASE_CREDENTIALS"))
		}
		if tls := parsed.Query().Get("sslmode"); tls != "require" && tls != "verify-full" {
			broken = append(broken, function.breaks("talks to the database with sslmode=%s", tls))
		}
		if want := databaseUser(s.nameOf(function)); user != want || users[user] != "" {
			broken = append(broken, function.breaks("is the database's user %q, not %q, or shares it with %q", user, want, users[user]))
		}
		users[user] = function.Address
	}
	return broken
}

// databaseUser is the role that sql/migrations makes for the function; migrate owns the schema.
func databaseUser(function string) string {
	if function == "migrate" {
		return "omni_owner"
	}
	return "omni_" + function
}

// Aurora's max_connections follows the largest capacity, at least 189 for each ACU; it is 2000 at most when the smallest is below 1.
func connections(s Stack) (broken []string) {
	var wanted float64
	for _, function := range s.of("aws_lambda_function") {
		if !inside(function) {
			continue
		}
		reserved := function.number("reserved_concurrent_executions")
		if reserved < 1 {
			broken = append(broken, function.breaks("has no limit of instances, so nothing limits its connections to the database"))
		}
		wanted += connectionsEach * reserved
	}
	for _, cluster := range s.of("aws_rds_cluster") {
		bearable := 189 * cluster.number("serverlessv2_scaling_configuration.0.max_capacity")
		if cluster.number("serverlessv2_scaling_configuration.0.min_capacity") < 1 {
			bearable = min(bearable, 2000)
		}
		if wanted > bearable {
			broken = append(broken, cluster.breaks("bears %v connections; the functions may open %v", bearable, wanted))
		}
	}
	return broken
}
