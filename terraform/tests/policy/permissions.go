package policy

import (
	"encoding/json"
	"slices"
	"strings"
)

var permissionRules = []Rule{
	{Name: "no policy allows * where AWS knows something narrower", Check: wildcards, OnMocks: true},
	{Name: "policies are written here, not AWS's", Check: ownPolicies},
	{Name: "a role is taken by a service, not by people", Check: trust},
	{Name: "only one API or rule may invoke a function", Check: invocations},
}

// An exception is a statement that may say *.
type exception struct {
	Type    string // of the resource
	Sid     string
	Actions []string // and no others
	Reason  string
}

// exceptions are all that there are.
var exceptions = []exception{
	{"aws_iam_role_policy", "Traces", []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, "X-Ray knows no resources"},
	{"aws_iam_role_policy", "NetworkInterfaces", []string{
		"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
		"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	}, "Lambda makes the interfaces, whose names nobody knows before; the function itself is denied them"},
	{"aws_kms_key", "AccountAdministersTheKey", []string{"kms:*"},
		"in a key's policy * is the key itself, and a key that the account cannot administer is lost"},
	{"aws_kms_key", "AlarmsUseTheKey", []string{"kms:Decrypt", "kms:GenerateDataKey*"},
		"in a key's policy * is the key itself; CloudWatch asks for exactly these"},
}

// covers tells whether the exception is about this statement.
func (e exception) covers(resource Resource, s statement) bool {
	return e.Type == resource.Type && e.Sid == s.Sid &&
		!slices.ContainsFunc(s.Action, func(action string) bool { return !slices.Contains(e.Actions, action) })
}

// statement is one of a policy.
type statement struct {
	Sid         string    `json:"Sid"`
	Effect      string    `json:"Effect"`
	Principal   any       `json:"Principal"`
	Action      oneOrMany `json:"Action"`
	NotAction   oneOrMany `json:"NotAction"`
	Resource    oneOrMany `json:"Resource"`
	NotResource oneOrMany `json:"NotResource"`
	Condition   any       `json:"Condition"`
}

// oneOrMany is a text or a list of them.
type oneOrMany []string

func (o *oneOrMany) UnmarshalJSON(content []byte) error {
	if len(content) > 0 && content[0] == '[' {
		return json.Unmarshal(content, (*[]string)(o))
	}
	*o = make(oneOrMany, 1)
	return json.Unmarshal(content, &(*o)[0])
}

// statements reads a policy; what is no JSON is none.
func statements(document string) []statement {
	var many struct {
		Statement []statement `json:"Statement"`
	}
	var one struct {
		Statement statement `json:"Statement"`
	}
	switch {
	case json.Unmarshal([]byte(document), &many) == nil:
		return many.Statement
	case json.Unmarshal([]byte(document), &one) == nil:
		return []statement{one.Statement}
	}
	return nil
}

func wildcards(s Stack) (broken []string) {
	for _, resource := range s.Resources {
		for _, attribute := range []string{"policy", "assume_role_policy"} {
			for _, statement := range statements(resource.text(attribute)) {
				if why := tooWide(resource, statement); why != "" {
					broken = append(broken, resource.breaks("%s (statement %q)", why, statement.Sid))
				}
			}
		}
	}
	return broken
}

func tooWide(resource Resource, s statement) string {
	excepted := slices.ContainsFunc(exceptions, func(e exception) bool { return e.covers(resource, s) })
	switch {
	case s.Effect == "Deny" || excepted:
		return ""
	case len(s.NotAction)+len(s.NotResource) > 0:
		return "allows everything but something"
	case slices.ContainsFunc(s.Action, func(action string) bool { return strings.Contains(action, "*") }):
		return "allows the actions " + strings.Join(s.Action, ", ")
	case slices.ContainsFunc(s.Resource, anything):
		return "allows it for the resources " + strings.Join(s.Resource, ", ")
	case anybody(s.Principal) && s.Condition == nil:
		return "allows it to everybody"
	}
	return ""
}

// anything tells whether the ARN leaves open which resource of a service is meant: "*", or one that begins with it.
func anything(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return strings.HasPrefix(parts[len(parts)-1], "*") || strings.HasPrefix(parts[len(parts)-1], "/*")
}

func anybody(principal any) bool {
	if who, several := principal.(map[string]any); several {
		principal = who["AWS"]
	}
	return principal == "*"
}

func ownPolicies(s Stack) (broken []string) {
	for _, attachment := range s.of("aws_iam_role_policy_attachment", "aws_iam_policy_attachment", "aws_iam_role_policy_attachments_exclusive") {
		broken = append(broken, attachment.breaks("attaches %s, whose contents no rule sees", attachment.text("policy_arn")))
	}
	return broken
}

func trust(s Stack) (broken []string) {
	for _, role := range s.of("aws_iam_role") {
		for _, statement := range statements(role.text("assume_role_policy")) {
			who, _ := statement.Principal.(map[string]any)
			service, _ := who["Service"].(string)
			if len(who) != 1 || !slices.Contains([]string{"lambda.amazonaws.com", "scheduler.amazonaws.com"}, service) {
				broken = append(broken, role.breaks("can be taken by %v", statement.Principal))
			}
			if service == "scheduler.amazonaws.com" && statement.Condition == nil {
				broken = append(broken, role.breaks("can be taken by schedules of any account: it wants a condition on aws:SourceAccount"))
			}
		}
	}
	return broken
}

func invocations(s Stack) (broken []string) {
	for _, permission := range s.of("aws_lambda_permission") {
		if permission.text("principal") == "*" || !permission.given("source_arn") {
			broken = append(broken, permission.breaks("lets everybody at %q invoke the function: it wants a source_arn", permission.text("principal")))
		}
	}
	return broken
}
