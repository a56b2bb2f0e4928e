package policy

import (
	"slices"
	"strings"
)

var nameRules = []Rule{
	{Name: "every name begins with the prefix, so that two stacks live in one account", Check: names},
	{Name: "everything that takes tags says which stack it belongs to", Check: tags},
}

// named are the attributes that name a resource in its account.
var named = []string{"name", "bucket", "function_name", "alarm_name", "dashboard_name", "identifier", "cluster_identifier"}

// within are types whose names are unique in something that has a name of its own, or that AWS named.
var within = []string{
	"aws_iam_role_policy", "aws_apigatewayv2_stage", "aws_apigatewayv2_authorizer", "aws_cognito_user_group", "aws_default_security_group",
}

// heads are what AWS wants a name to begin with.
var heads = []string{"/aws/lambda/", "/aws/vendedlogs/apigateway/", "/aws/rds/cluster/", "alias/"}

func names(s Stack) (broken []string) {
	for _, resource := range s.Resources {
		if slices.Contains(within, resource.Type) {
			continue
		}
		for _, attribute := range named {
			if name := resource.text(attribute); name != "" && !s.owns(name) {
				broken = append(broken, resource.breaks("has the %s %q, which does not begin with the prefix %q", attribute, name, s.Project.Prefix))
			}
		}
	}
	return broken
}

func (s Stack) owns(name string) bool {
	if strings.HasPrefix(name, "arn:") {
		name = lastPart(name)
	}
	for _, head := range heads {
		name = strings.TrimPrefix(name, head)
	}
	rest, begins := strings.CutPrefix(name, s.Project.Prefix)
	return begins && (rest == "" || rest[0] == '-' || rest[0] == '/')
}

func tags(s Stack) (broken []string) {
	for _, resource := range s.Resources {
		if _, takes := resource.values["tags_all"]; !takes || !resource.known("tags_all") {
			continue
		}
		if project := resource.text("tags_all.Project"); project != s.Project.Prefix {
			broken = append(broken, resource.breaks("has the tag Project = %q", project))
		}
	}
	return broken
}
