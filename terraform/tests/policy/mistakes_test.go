package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A mistake is one that somebody could make in a .tf file, and the rule that has to find it.
type mistake struct {
	name  string
	rule  string
	where string // part of the address of a resource to change
	set   string // path of the attribute
	to    any
	add   string // type of a resource to add instead, with the attribute
	drop  bool   // delete the resource instead
	says  string // part of what the rule has to answer
	mocks bool   // seed it into the mocked stack, where more is known
}

var mistakes = []mistake{
	{name: "a FIFO queue without .fifo", rule: "the name of a FIFO queue ends in .fifo", where: `queue["messages"].aws_sqs_queue.main`, set: "name", to: "omni-messages", says: `is called "omni-messages"`},
	{name: "a standard queue with .fifo", rule: "the name of a FIFO queue ends in .fifo", where: `queue["timer"].aws_sqs_queue.main`, set: "name", to: "omni-timer.fifo", says: "fifo_queue is false"},
	{name: "no dead letter queue", rule: "every queue has a dead letter queue of its kind, or is one", where: `queue["bulk"].aws_sqs_queue.dead`, drop: true, says: "no dead letter queue's redrive allow policy"},
	{name: "a standard queue for the dead letters of a FIFO queue", rule: "every queue has a dead letter queue of its kind, or is one", where: `queue["bulk"].aws_sqs_queue.dead`, set: "fifo_queue", to: false, says: "both or neither"},
	{name: "a redrive policy that leads elsewhere", rule: "every queue has a dead letter queue of its kind, or is one", where: `queue["bulk"].aws_sqs_queue.main`, set: "redrive_policy", to: `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:other","maxReceiveCount":5}`, says: "does not lead to"},
	{name: "any queue may send its dead letters", rule: "every queue has a dead letter queue of its kind, or is one", where: `queue["bulk"].aws_sqs_queue.dead`, set: "redrive_allow_policy", to: `{"redrivePermission":"allowAll"}`, says: "any queue"},
	{name: "dead letters kept for four days", rule: "dead letters are kept as long as SQS keeps anything", where: `queue["messages"].aws_sqs_queue.dead`, set: "message_retention_seconds", to: 345600.0, says: "345600 s"},
	{name: "messages kept for an hour", rule: "dead letters are kept as long as SQS keeps anything", where: `queue["messages"].aws_sqs_queue.main`, set: "message_retention_seconds", to: 3600.0, says: "would lose some"},
	{name: "a queue that nobody reads", rule: "every queue has a consumer", where: `event_source_mapping.queue["bulk"]`, drop: true, says: "has 0 consumers"},
	{name: "a message that comes again while it is processed", rule: "a message stays hidden for six times what its consumer may take", where: `module.processor.aws_lambda_function`, set: "timeout", to: 61.0, says: "less than six times the 61 s"},
	{name: "whole batches come back", rule: "consumers report what failed, and are capped", where: `event_source_mapping.queue["timer"]`, set: "function_response_types", to: []any{}, says: "ReportBatchItemFailures"},
	{name: "a batch of 100", rule: "consumers report what failed, and are capped", where: `event_source_mapping.queue["messages"]`, set: "batch_size", to: 100.0, says: "batches of 100"},
	{name: "a consumer without a cap", rule: "consumers report what failed, and are capped", where: `event_source_mapping.queue["messages"]`, set: "scaling_config", to: []any{}, says: "SQS takes 2 to 1000"},
	{name: "queues that invoke more than is reserved", rule: "consumers report what failed, and are capped", where: `module.processor.aws_lambda_function`, set: "reserved_concurrent_executions", to: 3.0, says: "3 instances reserved"},

	{name: "a function without a folder", rule: "every folder of lambda/ is a function, and only those", where: `module.timer.aws_lambda_function`, set: "function_name", to: "omni-clock", says: "no such folder"},
	{name: "a folder without a function", rule: "every folder of lambda/ is a function, and only those", where: `module.timer.aws_lambda_function`, drop: true, says: "lambda/timer is not deployed"},
	{name: "the wrong processor", rule: "functions are built for what they run on", where: `module.timer.aws_lambda_function`, set: "architectures", to: []any{"x86_64"}, says: "x86_64"},
	{name: "logs in somebody else's group", rule: "every function has its own log group, with an end", where: `module.timer.aws_lambda_function`, set: "logging_config.0.log_group", to: "/aws/lambda/omni-webhook", says: "not its own"},
	{name: "logs for ever", rule: "every function has its own log group, with an end", where: `module.timer.aws_cloudwatch_log_group`, set: "retention_in_days", to: nil, says: "for ever"},
	{name: "a shared role", rule: "every function has its own role", where: `module.timer.aws_lambda_function`, set: "role", to: "arn:aws:iam::123456789012:role/omni-webhook", says: `no role of its own`},
	{name: "a function that is not traced", rule: "every function is traced", where: `module.timer.aws_lambda_function`, set: "tracing_config", to: []any{}, says: "not traced"},
	{name: "a variable that the code needs is missing", rule: "every function finds in its environment what internal/app reads from it", where: `module.webhook.aws_lambda_function`, set: "environment.0.variables.CHANNEL_SECRETS", to: "", says: "CHANNEL_SECRETS is not set", mocks: true},
	{name: "a variable that the code cannot use", rule: "every function finds in its environment what internal/app reads from it", where: `module.sweeper.aws_lambda_function`, set: "environment.0.variables.RETENTION_DAYS", to: "ninety", says: "ninety", mocks: true},
	{name: "counts that no alarm watches", rule: "every function finds in its environment what internal/app reads from it", where: `module.webhook.aws_lambda_function`, set: "environment.0.variables.METRICS_NAMESPACE", to: "Omni", says: "counts in the namespace", mocks: true},
	{name: "a password in the environment", rule: "every function has a database user of its own, without a password", where: `module.webhook.aws_lambda_function`, set: "environment.0.variables.DATABASE_URL", to: "postgres://omni_webhook:secret@host/omni?sslmode=require", says: "has a password", mocks: true},
	{name: "a database without TLS", rule: "every function has a database user of its own, without a password", where: `module.webhook.aws_lambda_function`, set: "environment.0.variables.DATABASE_URL", to: "postgres://omni_webhook@host/omni", says: "sslmode=", mocks: true},
	{name: "a shared database user", rule: "every function has a database user of its own, without a password", where: `module.webhook.aws_lambda_function`, set: "environment.0.variables.DATABASE_URL", to: "postgres://omni_processor@host/omni?sslmode=require", says: `not "omni_webhook"`, mocks: true},
	{name: "more instances than the database bears", rule: "the database bears the connections of all functions", where: `module.webhook.aws_lambda_function`, set: "reserved_concurrent_executions", to: 900.0, says: "the functions may open"},
	{name: "instances without a limit", rule: "the database bears the connections of all functions", where: `module.webhook.aws_lambda_function`, set: "reserved_concurrent_executions", to: -1.0, says: "nothing limits"},

	{name: "a NAT gateway", rule: "there is no way out of the VPC", add: "aws_nat_gateway", set: "connectivity_type", to: "public", says: "leads out"},
	{name: "public addresses", rule: "there is no way out of the VPC", where: `aws_subnet.functions`, set: "map_public_ip_on_launch", to: true, says: "public addresses"},
	{name: "a route", rule: "there is no way out of the VPC", where: `aws_route_table.private`, set: "route", to: []any{map[string]any{"cidr_block": "0.0.0.0/0"}}, says: "routes of its own"},
	{name: "egress to everywhere", rule: "the VPC's security groups let traffic go to the database and to endpoints only", where: `aws_vpc_security_group_egress_rule.functions["database"]`, set: "cidr_ipv4", to: "0.0.0.0/0", says: "names addresses"},
	{name: "egress on all ports", rule: "the VPC's security groups let traffic go to the database and to endpoints only", where: `aws_vpc_security_group_egress_rule.s3`, set: "ip_protocol", to: "-1", says: "more than one TCP port"},
	{name: "egress in the group itself", rule: "the VPC's security groups let traffic go to the database and to endpoints only", where: `aws_security_group.this["functions"]`, set: "egress", to: []any{map[string]any{"cidr_blocks": []any{"0.0.0.0/0"}}}, says: "names addresses in its egress"},
	{name: "a rule of the older type", rule: "the VPC's security groups let traffic go to the database and to endpoints only", add: "aws_security_group_rule", set: "type", to: "egress", says: "older type"},
	{name: "an endpoint too many", rule: "the VPC reaches only the services that the functions use", where: `aws_vpc_endpoint.interface["sqs"]`, set: "service_name", to: "com.amazonaws.us-east-1.execute-api", says: "which no function needs"},
	{name: "an endpoint to everybody's resources", rule: "the VPC reaches only the services that the functions use", where: `aws_vpc_endpoint.interface["sqs"]`, set: "policy", to: "", says: "no policy"},
	{name: "a function outside knows the database", rule: "a function outside the VPC has nothing to do with the database", where: `module.timer.aws_lambda_function`, set: "environment.0.variables.DATABASE_URL", to: "postgres://host/omni", says: "knows the database", mocks: true},
	{name: "a function outside may connect", rule: "a function outside the VPC has nothing to do with the database", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: allow("rds-db:connect", "arn:aws:rds-db:us-east-1:1:dbuser:x/omni_timer"), says: "use the database", mocks: true},
	{name: "a function in the wrong zone", rule: "a function is in one zone", where: `module.timer.aws_lambda_function`, set: "vpc_config", to: []any{map[string]any{}}, says: "the design says false"},

	{name: "all actions", rule: "no policy allows * where AWS knows something narrower", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: allow("sqs:*", "arn:aws:sqs:us-east-1:1:omni-timer"), says: "sqs:*", mocks: true},
	{name: "all resources", rule: "no policy allows * where AWS knows something narrower", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: allow("sqs:SendMessage", "*"), says: "resources *", mocks: true},
	{name: "all queues", rule: "no policy allows * where AWS knows something narrower", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:*"), says: "resources arn", mocks: true},
	{name: "an exception with one action more", rule: "no policy allows * where AWS knows something narrower", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: `{"Statement":[{"Sid":"Traces","Effect":"Allow","Action":["xray:PutTraceSegments","s3:GetObject"],"Resource":"*"}]}`, says: "resources *", mocks: true},
	{name: "everything but", rule: "no policy allows * where AWS knows something narrower", where: `module.timer.aws_iam_role_policy.runtime`, set: "policy", to: `{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"arn:aws:s3:::x"}}`, says: "everything but", mocks: true},
	{name: "a topic for everybody", rule: "no policy allows * where AWS knows something narrower", where: `aws_sns_topic_policy.alarms`, set: "policy", to: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:1:omni-alarms"}]}`, says: "everybody", mocks: true},
	{name: "a policy of AWS's", rule: "policies are written here, not AWS's", add: "aws_iam_role_policy_attachment", set: "policy_arn", to: "arn:aws:iam::aws:policy/AdministratorAccess", says: "AdministratorAccess"},
	{name: "a role for everybody", rule: "a role is taken by a service, not by people", where: `module.timer.aws_iam_role.this`, set: "assume_role_policy", to: `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`, says: "can be taken by"},
	{name: "a role for schedules of any account", rule: "a role is taken by a service, not by people", where: `module.timer.aws_iam_role.this`, set: "assume_role_policy", to: `{"Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, says: "any account"},
	{name: "any API may invoke", rule: "only one API or rule may invoke a function", where: `aws_lambda_permission.api`, set: "source_arn", to: "", says: "source_arn"},

	{name: "a public route without a reason", rule: "every route is authorized, or public for a reason", where: `aws_apigatewayv2_route.webhook["POST /webhooks/telegram/{account}"]`, set: "route_key", to: "GET /v1/conversations", says: "lets anybody call"},
	{name: "a route that leads nowhere", rule: "every route is authorized, or public for a reason", where: `aws_apigatewayv2_route.webhook["POST /webhooks/telegram/{account}"]`, set: "target", to: "", says: "leads nowhere"},
	{name: "a channel without a route", rule: "every channel of the manifest is routed, and nothing else", where: `aws_apigatewayv2_route.webhook["GET /webhooks/whatsapp"]`, drop: true, says: "whatsapp has no route GET /webhooks/whatsapp"},
	{name: "a route of a channel that is gone", rule: "every channel of the manifest is routed, and nothing else", add: "aws_apigatewayv2_route", set: "route_key", to: "POST /webhooks/pigeon", says: "belongs to no channel"},
	{name: "a channel without a secret", rule: "every channel has a secret, and no value of one enters the state", where: `module.channel["whatsapp"].aws_secretsmanager_secret`, drop: true, says: "has no secret omni/channels/whatsapp"},
	{name: "a secret's value", rule: "every channel has a secret, and no value of one enters the state", add: "aws_secretsmanager_secret_version", set: "secret_string", to: "x", says: "into the state"},
	{name: "a password of the database", rule: "every channel has a secret, and no value of one enters the state", where: `aws_rds_cluster.this`, set: "master_password", to: "x", says: "password in the state"},
	{name: "no throttle", rule: "the API is throttled and keeps an access log", where: `aws_apigatewayv2_stage`, set: "default_route_settings", to: []any{}, says: "not throttled"},
	{name: "no access log", rule: "the API is throttled and keeps an access log", where: `aws_apigatewayv2_stage`, set: "access_log_settings", to: []any{}, says: "no access log"},
	{name: "verify tokens in the log", rule: "the API is throttled and keeps an access log", where: `aws_apigatewayv2_stage`, set: "access_log_settings.0.format", to: "$context.rawQueryString", says: "query strings"},
	{name: "a schedule that keeps the database awake", rule: "a schedule lets the database sleep", where: `aws_scheduler_schedule`, set: "schedule_expression", to: "rate(1 minute)", says: "rate(1 minute)"},
	{name: "every minute of an hour", rule: "a schedule lets the database sleep", where: `aws_scheduler_schedule`, set: "schedule_expression", to: "cron(* 3 * * ? *)", says: "fixed times"},
	{name: "a malformed schedule", rule: "a schedule lets the database sleep", where: `aws_scheduler_schedule`, set: "schedule_expression", to: "cron(0 3 * * * *)", says: "fixed times"},

	{name: "a queue in the clear", rule: "queues and topics are encrypted", where: `queue["messages"].aws_sqs_queue.main`, set: "sqs_managed_sse_enabled", to: false, says: "not encrypted"},
	{name: "a topic that alarms cannot reach", rule: "queues and topics are encrypted", where: `aws_sns_topic.alarms`, set: "kms_master_key_id", to: "alias/aws/sns", says: "alias/aws/sns"},
	{name: "a queue without TLS", rule: "queues and buckets answer over TLS only", where: `queue["messages"].aws_sqs_queue.main`, set: "policy", to: `{"Statement":[]}`, says: "without TLS"},
	{name: "an open bucket", rule: "buckets are encrypted and closed to the public", where: `module.jobs.aws_s3_bucket_public_access_block`, set: "block_public_policy", to: false, says: "opened to the public"},
	{name: "a bucket in the clear", rule: "buckets are encrypted and closed to the public", where: `module.jobs.aws_s3_bucket_server_side_encryption_configuration`, drop: true, says: "not encrypted"},
	{name: "a database in the clear", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster.this`, set: "storage_encrypted", to: false, says: "not encrypted"},
	{name: "a database without tokens", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster.this`, set: "iam_database_authentication_enabled", to: false, says: "IAM tokens"},
	{name: "no backups", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster.this`, set: "backup_retention_period", to: 0.0, says: "no backups"},
	{name: "the Data API", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster.this`, set: "enable_http_endpoint", to: true, says: "Data API"},
	{name: "a public database", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster_instance.this`, set: "publicly_accessible", to: true, says: "is public"},
	{name: "idle sessions for ever", rule: "the database is encrypted, private, saved, and its idle sessions end", where: `aws_rds_cluster_parameter_group`, set: "parameter", to: []any{}, says: "idle_session_timeout"},

	{name: "dead letters without an alarm", rule: "every dead letter queue has an alarm at its first message", where: `queue["messages"].aws_cloudwatch_metric_alarm.dead_letters`, drop: true, says: "its first message"},
	{name: "an alarm at the hundredth dead letter", rule: "every dead letter queue has an alarm at its first message", where: `queue["messages"].aws_cloudwatch_metric_alarm.dead_letters`, set: "threshold", to: 100.0, says: "its first message"},
	{name: "an old message unnoticed", rule: "every queue has an alarm on the age of its oldest message", where: `queue["bulk"].aws_cloudwatch_metric_alarm.oldest`, drop: true, says: "omni-bulk.fifo"},
	{name: "errors unnoticed", rule: "every function has alarms on errors and throttles", where: `module.timer.aws_cloudwatch_metric_alarm.this["errors"]`, drop: true, says: "Errors of omni-timer"},
	{name: "an alarm on a count that the code does not write", rule: "every channel has alarms on what goes wrong with its webhooks", where: `channel["telegram"].aws_cloudwatch_metric_alarm.this["refused"]`, set: "metric_name", to: "rejected", says: "refused of telegram"},
	{name: "jobs given up unnoticed", rule: "every channel has alarms on what goes wrong with its webhooks", where: `aws_cloudwatch_metric_alarm.dead_job`, drop: true, says: "dead_job of all"},
	{name: "a full database unnoticed", rule: "the database has alarms on capacity and connections", where: `database.aws_cloudwatch_metric_alarm.this["capacity"]`, drop: true, says: "ACUUtilization"},
	{name: "failed answers unnoticed", rule: "the API has an alarm on answers of 5xx", where: `gateway.aws_cloudwatch_metric_alarm.failures`, drop: true, says: "5xx"},
	{name: "an alarm that tells nobody", rule: "every alarm tells somebody, and silence is no alarm", where: `aws_cloudwatch_metric_alarm.dead_job`, set: "alarm_actions", to: []any{}, says: "tells nobody"},
	{name: "an alarm at night", rule: "every alarm tells somebody, and silence is no alarm", where: `aws_cloudwatch_metric_alarm.dead_job`, set: "treat_missing_data", to: "breaching", says: "breaching"},
	{name: "an alarm without words", rule: "every alarm tells somebody, and silence is no alarm", where: `aws_cloudwatch_metric_alarm.dead_job`, set: "alarm_description", to: "", says: "what it means"},

	{name: "a name that two stacks would share", rule: "every name begins with the prefix, so that two stacks live in one account", where: `aws_sns_topic.alarms`, set: "name", to: "alarms", says: `"alarms"`},
	{name: "a name that only looks right", rule: "every name begins with the prefix, so that two stacks live in one account", where: `aws_sns_topic.alarms`, set: "name", to: "omnibus", says: `"omnibus"`},
	{name: "no tag", rule: "everything that takes tags says which stack it belongs to", where: `aws_sns_topic.alarms`, set: "tags_all", to: map[string]any{}, says: `Project = ""`},
}

func allow(action, resource string) string {
	return `{"Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`
}

// findMistakes seeds every mistake into a stack that is right, and wants its rule to find it.
func findMistakes(t *testing.T, seen looks) {
	left := map[string]bool{}
	for _, rule := range Rules() {
		left[rule.Name] = true
	}
	for _, m := range mistakes {
		delete(left, m.rule)
		t.Run(m.name, func(t *testing.T) {
			base := seen.small
			if m.mocks {
				base = seen.mocked
			}
			i := slices.IndexFunc(Rules(), func(rule Rule) bool { return rule.Name == m.rule })
			if i < 0 {
				t.Fatalf("there is no rule %q", m.rule)
			}
			found := Rules()[i].Check(m.seed(t, base))
			if !slices.ContainsFunc(found, func(sentence string) bool { return strings.Contains(sentence, m.says) }) {
				t.Errorf("%q was not found, only %q", m.says, found)
			}
		})
	}
	if len(left) > 0 {
		t.Errorf("no mistake shows that these rules find any: %q", slices.Sorted(maps.Keys(left)))
	}
}

// seed returns a stack with the mistake in it.
func (m mistake) seed(t *testing.T, right Stack) Stack {
	wrong := Stack{Project: right.Project}
	if m.add != "" {
		wrong.Resources = append(slices.Clone(right.Resources), Resource{Address: m.add + ".added", Type: m.add, values: map[string]any{m.set: m.to}})
		return wrong
	}
	seeded := false
	for _, resource := range right.Resources {
		if !seeded && strings.Contains(resource.Address, m.where) {
			seeded = true
			if m.drop {
				continue
			}
			resource = resource.with(t, m.set, m.to)
		}
		wrong.Resources = append(wrong.Resources, resource)
	}
	if !seeded {
		t.Fatalf("there is no resource %s", m.where)
	}
	return wrong
}

// with returns a copy of the resource with another value, which is known.
func (r Resource) with(t *testing.T, at string, value any) Resource {
	r.values, r.unknown = clone(t, r.values), clone(t, r.unknown)
	steps := strings.Split(at, ".")
	holder, unknown := any(r.values), any(r.unknown)
	for _, step := range steps[:len(steps)-1] {
		holder, unknown = child(holder, step), child(unknown, step)
	}
	last := steps[len(steps)-1]
	object, is := holder.(map[string]any)
	if !is {
		t.Fatalf("%s has no %s", r.Address, at)
	}
	object[last] = value
	if object, is := unknown.(map[string]any); is {
		delete(object, last)
	}
	return r
}

func clone(t *testing.T, values map[string]any) map[string]any {
	content, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var copied map[string]any
	if err := json.Unmarshal(content, &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}
