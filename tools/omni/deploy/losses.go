package deploy

import (
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// holdings say what is lost with a resource of a type, the worst first. What is grave cannot be made good by a new deploy, by entering
// secrets again, or by the platforms' sending again.
var holdings = []struct {
	resourceType string
	module       string // only there, if it is not empty
	what         string
	grave        bool
}{
	{"aws_rds_cluster", "", "the database: every contact, conversation and message", true},
	{"aws_sqs_queue", "", "the messages that wait in the queue", true},
	{"aws_s3_bucket", "", "what is in the bucket", true},
	{"aws_cognito_user_pool", "", "the agents' accounts: everybody has to be invited anew, and is somebody else to the inbox", true},
	{"aws_apigatewayv2_api", "module.gateway", "the webhook URLs: every platform has to be given new ones", false},
	{"aws_cloudfront_distribution", "", "the dashboard's address, unless it has a name of its own", false},
	{"aws_secretsmanager_secret", "", "the secrets of the channel", false},
	{"aws_kms_key", "", "what is encrypted with the key", false},
	{"aws_cloudwatch_log_group", "", "the logs in the group", false},
}

// loss is something that is lost, and the resources that it is lost with.
type loss struct {
	what      string
	addresses []string
}

// losses are what the destroyed and the replaced resources take with them.
func (s summary) losses() (found []loss) {
	gone := slices.Concat(s.Replace, s.Destroy)
	for _, holding := range holdings {
		for _, change := range gone {
			if change.Type == holding.resourceType && (holding.module == "" || change.ModuleAddress == holding.module) {
				found = add(found, holding.what+recovery(change), change.Address)
			}
		}
	}
	return found
}

func add(found []loss, what, address string) []loss {
	if last := len(found) - 1; last >= 0 && found[last].what == what {
		found[last].addresses = append(found[last].addresses, address)
		return found
	}
	return append(found, loss{what, []string{address}})
}

// grave tells whether the losses want more than a yes.
func (s summary) grave() bool {
	gone := slices.Concat(s.Replace, s.Destroy)
	for _, holding := range holdings {
		if holding.grave && slices.ContainsFunc(gone, func(c *tfjson.ResourceChange) bool { return c.Type == holding.resourceType }) {
			return true
		}
	}
	return false
}

// recovery says how a lost thing can be had again.
func recovery(change *tfjson.ResourceChange) string {
	before, _ := change.Change.Before.(map[string]any)
	switch change.Type {
	case "aws_rds_cluster":
		if name, _ := before["final_snapshot_identifier"].(string); name != "" && before["skip_final_snapshot"] != true {
			return fmt.Sprintf(" (a final snapshot is kept: %s; it costs storage until you delete it)", name)
		}
		return " (NO final snapshot is made)"
	case "aws_secretsmanager_secret":
		if days := fmt.Sprint(before["recovery_window_in_days"]); days != "0" && days != "<nil>" {
			return fmt.Sprintf(" (AWS keeps it for %s days; until then its name is taken)", days)
		}
		return " (for good, at once)"
	}
	return ""
}

// protected are the databases and user pools that AWS will refuse to delete.
func (s summary) protected() (addresses []string) {
	for _, change := range slices.Concat(s.Replace, s.Destroy) {
		before, _ := change.Change.Before.(map[string]any)
		database := strings.HasPrefix(change.Type, "aws_rds_cluster") && before["deletion_protection"] == true
		pool := change.Type == "aws_cognito_user_pool" && before["deletion_protection"] == "ACTIVE"
		if database || pool {
			addresses = append(addresses, change.Address)
		}
	}
	return addresses
}
