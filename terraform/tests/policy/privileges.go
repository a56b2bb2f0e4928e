package policy

import (
	"slices"
	"strings"
)

var privilegeRules = []Rule{
	{Name: "secrets, files, jobs, sockets and the database are open to the functions that need them, and to no others", Check: privileged, OnMocks: true},
}

// A privilege is something that only some functions may do, because of what it opens.
type privilege struct {
	action    string
	resource  string // part of its ARN
	functions []string
}

// privileges are all that there are. The first one that fits an action and a resource is about them.
var privileges = []privilege{
	{"rds-db:connect", ":dbuser:", []string{"webhook", "processor", "deadletter", "sweeper", "api", "realtime", "visitor"}},
	{"secretsmanager:GetSecretValue", ":secret:rds!", []string{"migrate"}},
	{"secretsmanager:GetSecretValue", ":secret:", []string{"webhook", "sender", "media", "visitor"}},
	{"s3:GetObject", "/jobs/*", []string{"processor", "deadletter", "sweeper"}},
	// The processor and the sweeper take erased persons out of them.
	{"s3:PutObject", "/jobs/*", []string{"webhook", "deadletter", "processor", "sweeper"}},
	// By links that are signed, down to the files that agents send.
	{"s3:GetObject", "/files/incoming/*", []string{"api", "visitor"}},
	{"s3:GetObject", "/files/outgoing/*", []string{"api", "visitor"}},
	{"s3:PutObject", "/files/uploaded/*", []string{"visitor"}},
	{"s3:PutObject", "/files/outgoing/*", []string{"api"}},
	{"s3:GetObject", "/files/uploaded/*", []string{"media"}},
	{"s3:GetObject", "/files/*", []string{"sender"}},
	{"s3:PutObject", "/files/*", []string{"media"}},
	{"s3:DeleteObject", "/files/*", []string{"processor", "sweeper"}},
	{"s3:ListBucket", "", []string{"processor", "deadletter", "sweeper", "sender", "media", "api"}},
	{"execute-api:ManageConnections", "/live/POST/@connections/*", []string{"pusher"}},
}

// services are those of which every action is a privilege.
var services = []string{"rds", "rds-db", "secretsmanager", "s3", "kms", "execute-api", "cognito-idp"}

func (p privilege) covers(action, resource string) bool {
	return p.action == action && strings.Contains(resource, p.resource)
}

// privileged also wants every function to have its privileges: without one it fails when it is needed.
func privileged(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		name := s.nameOf(function)
		policies, known := s.policiesOf(function)
		var has []int
		for _, policy := range policies {
			used, wrong := use(name, policy)
			has = append(has, used...)
			broken = append(broken, wrong...)
		}
		for i, p := range privileges {
			if known && slices.Contains(p.functions, name) && !slices.Contains(has, i) {
				broken = append(broken, function.breaks("needs %s of %s, and may not", p.action, p.resource))
			}
		}
	}
	return broken
}

// policiesOf returns the policies of the function's role; known is false where only an apply will tell what one of them says.
func (s Stack) policiesOf(function Resource) (policies []Resource, known bool) {
	known = true
	for _, policy := range s.of("aws_iam_role_policy") {
		if policy.text("role") == function.text("function_name") {
			policies = append(policies, policy)
			known = known && policy.known("policy")
		}
	}
	return policies, known
}

// use returns which privileges the policy gives to the function, and a sentence for each that the function must not have.
func use(function string, policy Resource) (used []int, broken []string) {
	for _, statement := range statements(policy.text("policy")) {
		if statement.Effect == "Deny" {
			continue
		}
		for _, action := range statement.Action {
			service, _, _ := strings.Cut(action, ":")
			if !slices.Contains(services, service) {
				continue
			}
			for _, resource := range statement.Resource {
				i := slices.IndexFunc(privileges, func(p privilege) bool { return p.covers(action, resource) })
				if i < 0 || !slices.Contains(privileges[i].functions, function) {
					broken = append(broken, policy.breaks("lets %s do %s with %s", function, action, resource))
					continue
				}
				used = append(used, i)
			}
		}
	}
	return used, broken
}
