package policy

import (
	"slices"
	"strings"
)

var storageRules = []Rule{
	{Name: "queues and topics are encrypted", Check: messagesEncrypted},
	{Name: "queues and buckets answer over TLS only", Check: onlyOverTLS},
	{Name: "buckets are encrypted and closed to the public", Check: buckets},
	{Name: "the database is encrypted, private, saved, and its idle sessions end", Check: database},
}

func messagesEncrypted(s Stack) (broken []string) {
	for _, queue := range s.of("aws_sqs_queue") {
		if !queue.flag("sqs_managed_sse_enabled") && !queue.given("kms_master_key_id") {
			broken = append(broken, queue.breaks("is not encrypted"))
		}
	}
	for _, topic := range s.of("aws_sns_topic") {
		// CloudWatch may not use AWS's own key, so alarms would be lost.
		if key := topic.text("kms_master_key_id"); !topic.given("kms_master_key_id") || strings.HasPrefix(key, "alias/aws/") {
			broken = append(broken, topic.breaks("is not encrypted with a key that alarms may use: %q", key))
		}
	}
	return broken
}

func onlyOverTLS(s Stack) (broken []string) {
	for _, holder := range s.of("aws_sqs_queue", "aws_s3_bucket_policy") {
		if !holder.known("policy") {
			continue
		}
		if !slices.ContainsFunc(statements(holder.text("policy")), refusesPlainText) {
			broken = append(broken, holder.breaks("does not refuse requests without TLS"))
		}
	}
	return broken
}

func refusesPlainText(s statement) bool {
	condition, _ := s.Condition.(map[string]any)
	boolean, _ := condition["Bool"].(map[string]any)
	return s.Effect == "Deny" && boolean["aws:SecureTransport"] == "false"
}

func buckets(s Stack) (broken []string) {
	for _, bucket := range s.of("aws_s3_bucket") {
		closed := slices.ContainsFunc(s.inModule(bucket.Module, "aws_s3_bucket_public_access_block"), func(block Resource) bool {
			return block.flag("block_public_acls") && block.flag("block_public_policy") &&
				block.flag("ignore_public_acls") && block.flag("restrict_public_buckets")
		})
		if !closed {
			broken = append(broken, bucket.breaks("could be opened to the public"))
		}
		encrypted := slices.ContainsFunc(s.inModule(bucket.Module, "aws_s3_bucket_server_side_encryption_configuration"), func(sse Resource) bool {
			r := Resource{values: map[string]any{"rule": sse.list("rule")}}
			return r.text("rule.0.apply_server_side_encryption_by_default.0.sse_algorithm") != ""
		})
		if !encrypted {
			broken = append(broken, bucket.breaks("is not encrypted"))
		}
	}
	return broken
}

func database(s Stack) (broken []string) {
	for _, cluster := range s.of("aws_rds_cluster") {
		if !cluster.flag("storage_encrypted") {
			broken = append(broken, cluster.breaks("is not encrypted"))
		}
		if !cluster.flag("iam_database_authentication_enabled") {
			broken = append(broken, cluster.breaks("takes no IAM tokens, which the functions connect with"))
		}
		if days := cluster.number("backup_retention_period"); days < 1 {
			broken = append(broken, cluster.breaks("has no backups"))
		}
		if cluster.flag("enable_http_endpoint") {
			broken = append(broken, cluster.breaks("can be asked over the internet, through the Data API"))
		}
	}
	for _, instance := range s.of("aws_rds_cluster_instance") {
		if instance.flag("publicly_accessible") {
			broken = append(broken, instance.breaks("is public"))
		}
	}
	for _, group := range s.of("aws_rds_cluster_parameter_group") {
		for name, unset := range map[string]string{"idle_session_timeout": "0", "rds.force_ssl": "0"} {
			if value := parameter(group, name); value == "" || value == unset {
				broken = append(broken, group.breaks("has %s = %q", name, value))
			}
		}
	}
	return broken
}

func parameter(group Resource, name string) string {
	for _, one := range group.list("parameter") {
		if r := (Resource{values: map[string]any{"p": one}}); r.text("p.name") == name {
			return r.text("p.value")
		}
	}
	return ""
}
