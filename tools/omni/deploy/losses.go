package deploy

import (
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// loss is a destroyed resource that something is lost with.
type loss struct {
	address string
	what    string
}

// holding says what is lost with a resource of a type.
var holding = map[string]string{
	"aws_rds_cluster":           "the database: every contact, conversation and message",
	"aws_sqs_queue":             "the messages that wait in this queue",
	"aws_s3_bucket":             "the jobs above 1 MiB that wait in this bucket",
	"aws_secretsmanager_secret": "the secrets of this channel",
	"aws_kms_key":               "whatever is encrypted with this key",
	"aws_apigatewayv2_api":      "the webhook URLs: every platform has to be given new ones",
	"aws_cloudwatch_log_group":  "the logs in this group",
}

// grave are the types whose loss cannot be made good by a new deploy, by entering secrets again, or by the platforms' sending again.
var grave = []string{"aws_rds_cluster", "aws_s3_bucket", "aws_sqs_queue", "aws_kms_key"}

// losses are what the destroyed and the replaced resources take with them.
func (s summary) losses() (found []loss) {
	for _, change := range slices.Concat(s.Replace, s.Destroy) {
		if what := holding[change.Type]; what != "" {
			found = append(found, loss{change.Address, what + recovery(change)})
		}
	}
	return found
}

// grave tells whether the losses want more than a yes.
func (s summary) grave() bool {
	return slices.ContainsFunc(slices.Concat(s.Replace, s.Destroy), func(c *tfjson.ResourceChange) bool { return slices.Contains(grave, c.Type) })
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

// protected are the databases that AWS will refuse to delete.
func (s summary) protected() (addresses []string) {
	for _, change := range slices.Concat(s.Replace, s.Destroy) {
		before, _ := change.Change.Before.(map[string]any)
		if strings.HasPrefix(change.Type, "aws_rds_cluster") && before["deletion_protection"] == true {
			addresses = append(addresses, change.Address)
		}
	}
	return addresses
}
