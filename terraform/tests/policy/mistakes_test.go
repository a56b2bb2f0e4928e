package policy

import "testing"

// A mistake is one that somebody could make in a .tf file.
type mistake struct {
	name string
	seed func(*testing.T, looks) Stack // into a stack that is right
	says string                        // part of what the rule has to answer
}

// mistakes are, by the name of the rule that has to find them.
var mistakes = map[string][]mistake{
	"the name of a FIFO queue ends in .fifo": {
		{"a FIFO queue without .fifo", set(`queue["messages"].aws_sqs_queue.main`, "name", "omni-messages"), `is called "omni-messages"`},
		{"a standard queue with .fifo", set(`queue["timer"].aws_sqs_queue.main`, "name", "omni-timer.fifo"), "fifo_queue is false"},
	},
	"every queue has a dead letter queue of its kind, or is one": {
		{"no dead letter queue", drop(`queue["bulk"].aws_sqs_queue.dead`), "no dead letter queue's redrive allow policy"},
		{
			"a standard queue for the dead letters of a FIFO queue",
			set(`queue["bulk"].aws_sqs_queue.dead`, "fifo_queue", false),
			"both or neither",
		},
		{
			"a redrive policy that leads elsewhere",
			set(`queue["bulk"].aws_sqs_queue.main`, "redrive_policy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:other","maxReceiveCount":5}`),
			"does not lead to",
		},
		{
			"any queue may send its dead letters",
			set(`queue["bulk"].aws_sqs_queue.dead`, "redrive_allow_policy", `{"redrivePermission":"allowAll"}`),
			"any queue",
		},
	},
	"dead letters are kept as long as SQS keeps anything": {
		{
			"dead letters kept for four days",
			set(`queue["messages"].aws_sqs_queue.dead`, "message_retention_seconds", 345600.0),
			"345600 s",
		},
		{
			"messages kept for an hour",
			set(`queue["messages"].aws_sqs_queue.main`, "message_retention_seconds", 3600.0),
			"would lose some",
		},
	},
	"every queue has a consumer": {
		{"a queue that nobody reads", drop(`event_source_mapping.queue["bulk"]`), "has 0 consumers"},
	},
	"a message stays hidden while its consumer works, an interrupted answer hardly longer": {
		{
			"a message that comes again while it is processed",
			set(`module.processor.aws_lambda_function`, "timeout", 61.0),
			"with the 61 s of",
		},
		{
			"an answer that comes again while it is being sent",
			set(`module.sender.aws_lambda_function`, "timeout", 151.0),
			"181 to 302",
		},
		{
			"an interrupted answer that nobody notices for a quarter of an hour",
			set(`queue["outbound-telegram"].aws_sqs_queue.main`, "visibility_timeout_seconds", 900.0),
			"180 to 300",
		},
	},
	"every channel has an outbound queue of its own, read one answer at a time": {
		{"a channel without a queue", drop(`queue["outbound-telegram"].aws_sqs_queue.main`), "telegram has no queue omni-outbound-telegram.fifo"},
		{
			"answers in batches, of which an interruption would make all uncertain",
			set(`module.sender.aws_lambda_event_source_mapping.queue["outbound-telegram"]`, "batch_size", 10.0),
			"sender 10 answers",
		},
		{"a queue of a channel that is gone", forget("telegram"), "omni-outbound-telegram.fifo belongs to no channel"},
	},
	"the sender knows by how many a platform's rate limit is divided": {
		{
			"instances that nobody counted",
			mocked(set(`module.sender.aws_lambda_event_source_mapping.queue["outbound-whatsapp"]`, "scaling_config.0.maximum_concurrency", 40.0)),
			"lets 40 send at once, but the sender is told 10",
		},
	},
	"consumers report what failed, and are capped": {
		{
			"whole batches come back",
			set(`event_source_mapping.queue["timer"]`, "function_response_types", []any{}),
			"ReportBatchItemFailures",
		},
		{"a batch of 100", set(`event_source_mapping.queue["messages"]`, "batch_size", 100.0), "batches of 100"},
		{"a consumer without a cap", set(`event_source_mapping.queue["messages"]`, "scaling_config", []any{}), "SQS takes 2 to 1000"},
		{
			"queues that invoke more than is reserved",
			set(`module.processor.aws_lambda_function`, "reserved_concurrent_executions", 3.0),
			"3 instances reserved",
		},
	},
	"every folder of lambda/ is a function, and only those": {
		{"a function without a folder", set(`module.timer.aws_lambda_function`, "function_name", "omni-clock"), "no such folder"},
		{"a folder without a function", drop(`module.timer.aws_lambda_function`), "lambda/timer is not deployed"},
	},
	"functions are built for what they run on": {
		{"the wrong processor", set(`module.timer.aws_lambda_function`, "architectures", []any{"x86_64"}), "x86_64"},
	},
	"every function has its own log group, with an end": {
		{
			"logs in somebody else's group",
			set(`module.timer.aws_lambda_function`, "logging_config.0.log_group", "/aws/lambda/omni-webhook"),
			"not its own",
		},
		{"logs for ever", set(`module.timer.aws_cloudwatch_log_group`, "retention_in_days", nil), "for ever"},
	},
	"every function has its own role": {
		{
			"a shared role",
			set(`module.timer.aws_lambda_function`, "role", "arn:aws:iam::123456789012:role/omni-webhook"),
			`no role of its own`,
		},
	},
	"every function is traced": {
		{"a function that is not traced", set(`module.timer.aws_lambda_function`, "tracing_config", []any{}), "not traced"},
	},
	"every function finds in its environment what internal/app reads from it": {
		{
			"a variable that the code needs is missing",
			variable("webhook", "CHANNEL_SECRETS", ""),
			"CHANNEL_SECRETS is not set",
		},
		{
			"a variable that the code cannot use",
			variable("sweeper", "RETENTION_DAYS", "ninety"),
			"ninety",
		},
		{
			"counts that no alarm watches",
			variable("webhook", "METRICS_NAMESPACE", "Omni"),
			"counts in the namespace",
		},
	},
	"every function has a database user of its own, without a password": {
		{
			"a password in the environment",
			variable("webhook", "DATABASE_URL", "postgres://omni_webhook:secret@host/omni?sslmode=require"),
			"has a password",
		},
		{
			"a database without TLS",
			variable("webhook", "DATABASE_URL", "postgres://omni_webhook@host/omni"),
			"sslmode=",
		},
		{
			"a shared database user",
			variable("webhook", "DATABASE_URL", "postgres://omni_processor@host/omni?sslmode=require"),
			`not "omni_webhook"`,
		},
	},
	"the database bears the connections of all functions": {
		{
			"more instances than the database bears",
			set(`module.webhook.aws_lambda_function`, "reserved_concurrent_executions", 900.0),
			"the functions may open",
		},
		{
			"instances without a limit",
			set(`module.webhook.aws_lambda_function`, "reserved_concurrent_executions", -1.0),
			"nothing limits",
		},
	},
	"there is no way out of the VPC": {
		{"a NAT gateway", add("aws_nat_gateway", "connectivity_type", "public"), "leads out"},
		{"public addresses", set(`aws_subnet.functions`, "map_public_ip_on_launch", true), "public addresses"},
		{"a route", set(`aws_route_table.private`, "route", []any{map[string]any{"cidr_block": "0.0.0.0/0"}}), "routes of its own"},
	},
	"the VPC's security groups let traffic go to the database and to endpoints only": {
		{
			"egress to everywhere",
			set(`aws_vpc_security_group_egress_rule.functions["database"]`, "cidr_ipv4", "0.0.0.0/0"),
			"names addresses",
		},
		{"egress on all ports", set(`aws_vpc_security_group_egress_rule.s3`, "ip_protocol", "-1"), "more than one TCP port"},
		{
			"egress in the group itself",
			set(`aws_security_group.this["functions"]`, "egress", []any{map[string]any{"cidr_blocks": []any{"0.0.0.0/0"}}}),
			"names addresses in its egress",
		},
		{"a rule of the older type", add("aws_security_group_rule", "type", "egress"), "older type"},
	},
	"the VPC reaches only the services that the functions use": {
		{
			"an endpoint too many",
			set(`aws_vpc_endpoint.interface["sqs"]`, "service_name", "com.amazonaws.us-east-1.execute-api"),
			"which no function needs",
		},
		{"an endpoint to everybody's resources", set(`aws_vpc_endpoint.interface["sqs"]`, "policy", ""), "no policy"},
	},
	"a function outside the VPC has nothing to do with the database": {
		{
			"a function outside knows the database",
			variable("timer", "DATABASE_URL", "postgres://host/omni"),
			"knows the database",
		},
		{
			"a function outside may connect",
			runtime("timer", allow("rds-db:connect", "arn:aws:rds-db:us-east-1:1:dbuser:x/omni_timer")),
			"use the database",
		},
	},
	"a function is in one zone": {
		{
			"a function in the wrong zone",
			set(`module.timer.aws_lambda_function`, "vpc_config", []any{map[string]any{}}),
			"the design says false",
		},
	},
	"no policy allows * where AWS knows something narrower": {
		{
			"all actions",
			runtime("timer", allow("sqs:*", "arn:aws:sqs:us-east-1:1:omni-timer")),
			"sqs:*",
		},
		{
			"all resources",
			runtime("timer", allow("sqs:SendMessage", "*")),
			"resources *",
		},
		{
			"all queues",
			runtime("timer", allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:*")),
			"resources arn",
		},
		{
			"an exception with one action more",
			runtime("timer", `{"Statement":[{"Sid":"Traces","Effect":"Allow","Action":["xray:PutTraceSegments","s3:GetObject"],"Resource":"*"}]}`),
			"resources *",
		},
		{
			"everything but",
			runtime("timer", `{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"arn:aws:s3:::x"}}`),
			"everything but",
		},
		{
			"a topic for everybody",
			mocked(set(`aws_sns_topic_policy.alarms`, "policy", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:1:omni-alarms"}]}`)),
			"everybody",
		},
	},
	"secrets, files, jobs, sockets and the database are open to the functions that need them, and to no others": {
		{
			"who talks to anybody's endpoint reads the channels' secrets",
			runtime("deliverer", allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:x")),
			"lets deliverer do secretsmanager:GetSecretValue",
		},
		{
			"who has the channels' tokens reads the database's password",
			runtime("sender", allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:rds!cluster-x")),
			"lets sender do secretsmanager:GetSecretValue",
		},
		{
			"who stores files deletes them",
			runtime("media", allow("s3:DeleteObject", "arn:aws:s3:::x/files/*")),
			"lets media do s3:DeleteObject",
		},
		{
			"who has the database posts to browsers",
			runtime("api", allow("execute-api:ManageConnections", "arn:aws:execute-api:us-east-1:1:x/live/POST/@connections/*")),
			"lets api do execute-api:ManageConnections",
		},
		{
			"who posts to browsers closes their sockets",
			runtime("pusher", allow("execute-api:ManageConnections", "arn:aws:execute-api:us-east-1:1:x/live/DELETE/@connections/*")),
			"lets pusher do execute-api:ManageConnections",
		},
		{
			"agents' uploads replace what customers sent",
			runtime("api", allow("s3:PutObject", "arn:aws:s3:::x/files/incoming/*")),
			"lets api do s3:PutObject",
		},
		{
			"a function makes itself an administrator",
			runtime("api", allow("cognito-idp:AdminAddUserToGroup", "arn:aws:cognito-idp:us-east-1:1:userpool/x")),
			"lets api do cognito-idp:AdminAddUserToGroup",
		},
		{
			"files that cannot be sent",
			mocked(drop(`module.sender.aws_iam_role_policy.permission["read-files"]`)),
			"needs s3:GetObject of /files/*",
		},
	},
	"policies are written here, not AWS's": {
		{
			"a policy of AWS's",
			add("aws_iam_role_policy_attachment", "policy_arn", "arn:aws:iam::aws:policy/AdministratorAccess"),
			"AdministratorAccess",
		},
	},
	"a role is taken by a service, not by people": {
		{
			"a role for everybody",
			set(`module.timer.aws_iam_role.this`, "assume_role_policy", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`),
			"can be taken by",
		},
		{
			"a role for schedules of any account",
			set(`module.timer.aws_iam_role.this`, "assume_role_policy", `{"Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
			"any account",
		},
	},
	"only one API or rule may invoke a function": {
		{"any API may invoke", set(`aws_lambda_permission.api`, "source_arn", ""), "source_arn"},
	},
	"every route is authorized, or public for a reason": {
		{
			"a public route without a reason",
			set(`aws_apigatewayv2_route.webhook["POST /webhooks/telegram/{account}"]`, "route_key", "GET /v1/conversations"),
			"lets anybody call",
		},
		{
			"a route that leads nowhere",
			set(`aws_apigatewayv2_route.webhook["POST /webhooks/telegram/{account}"]`, "target", ""),
			"leads nowhere",
		},
	},
	"the agents' API wants a token of one issuer, made for one client": {
		{"a route without a token", set(`aws_apigatewayv2_route.agents`, "authorization_type", "NONE"), "without a token"},
		{"a route behind no authorizer", mocked(set(`aws_apigatewayv2_route.agents`, "authorizer_id", "")), "without a token"},
		{"no API at all", drop(`aws_apigatewayv2_route.agents`), "no route leads"},
		{"tokens for anybody", mocked(set(`aws_apigatewayv2_authorizer.agents`, "jwt_configuration.0.audience", []any{})), "takes tokens"},
		{"an issuer in the clear", mocked(set(`aws_apigatewayv2_authorizer.agents`, "jwt_configuration.0.issuer", "http://login.example.com")), "takes tokens"},
		{"tokens in the URL", set(`aws_apigatewayv2_authorizer.agents`, "identity_sources", []any{"$request.querystring.token"}), "looks for the token"},
	},
	"the WebSocket API answers, and clients get its latest routes": {
		{"no way to close a socket", drop(`module.websocket.aws_apigatewayv2_route.this["$disconnect"]`), "has the routes"},
		{
			"pings without an answer",
			set(`module.websocket.aws_apigatewayv2_route.this["$default"]`, "route_response_selection_expression", ""),
			"sends nothing",
		},
		{"no response", drop(`aws_apigatewayv2_route_response.default`), "no route response"},
		{"a deployment for good", set(`aws_apigatewayv2_deployment.this`, "triggers", map[string]any{}), "follows its routes"},
		{"a stage without a deployment", set(`module.websocket.aws_apigatewayv2_stage.live`, "deployment_id", ""), "no deployment"},
	},
	"the pusher posts to the sockets that the API has opened": {
		{"another stage", variable("pusher", "CONNECTIONS_URL", "https://mock.execute-api.us-east-1.amazonaws.com/test"), "posted to at"},
		{"sockets in the clear", variable("api", "WEBSOCKET_URL", "ws://mock.execute-api.us-east-1.amazonaws.com/live"), "opened at"},
	},
	"people are invited, sign in by a code that they alone can use, and a stolen refresh token shows": {
		{
			"everybody may sign up",
			set(`aws_cognito_user_pool.agents`, "admin_create_user_config.0.allow_admin_create_user_only", false),
			"sign up",
		},
		{"short passwords", set(`aws_cognito_user_pool.agents`, "password_policy.0.minimum_length", 8.0), "8 characters"},
		{"no second factor", set(`aws_cognito_user_pool.agents`, "mfa_configuration", "OFF"), "no second factor"},
		{"tokens in the URL", set(`aws_cognito_user_pool_client.dashboard`, "allowed_oauth_flows", []any{"implicit"}), "implicit"},
		{"a secret in the browser", set(`aws_cognito_user_pool_client.dashboard`, "generate_secret", true), "a secret: true"},
		{"a page in the clear", mocked(set(`aws_cognito_user_pool_client.dashboard`, "callback_urls", []any{"http://localhost/"})), "http://localhost/"},
		{
			"passwords in the page",
			set(`aws_cognito_user_pool_client.dashboard`, "explicit_auth_flows", []any{"ALLOW_USER_PASSWORD_AUTH"}),
			"passwords in the page",
		},
		{"refresh tokens for a month", set(`aws_cognito_user_pool_client.dashboard`, "refresh_token_rotation", []any{}), "more than once"},
	},
	"the dashboard comes over TLS, and its API is never cached": {
		{
			"a dashboard in the clear",
			set(`aws_cloudfront_distribution.this`, "default_cache_behavior.0.viewer_protocol_policy", "allow-all"),
			"in the clear",
		},
		{
			"conversations in a cache",
			set(`aws_cloudfront_distribution.this`, "ordered_cache_behavior.0.cache_policy_id", "658327ea-f89d-4fab-a63d-7e88639e58f6"),
			"caches the API",
		},
		{
			"tokens that do not arrive",
			set(`aws_cloudfront_distribution.this`, "ordered_cache_behavior.0.origin_request_policy_id", ""),
			"keeps headers from it",
		},
		{
			"a page instead of an error",
			set(`aws_cloudfront_distribution.this`, "custom_error_response", []any{map[string]any{"error_code": 404.0}}),
			"errors of the API",
		},
		{
			"an old TLS",
			set(`aws_cloudfront_distribution.this`, "viewer_certificate", []any{map[string]any{"minimum_protocol_version": "TLSv1"}}),
			`"TLSv1"`,
		},
	},
	"only the dashboard's distribution reads its bucket": {
		{
			"files for everybody",
			mocked(set(`module.files.aws_s3_bucket_policy.this["only-over-tls"]`, "policy",
				`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/*"}]}`)),
			"lets * do [s3:GetObject]",
		},
		{
			"anybody's distribution",
			mocked(set(`module.web_bucket.aws_s3_bucket_policy.this["only-over-tls"]`, "policy",
				`{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::x/*"}]}`)),
			"cloudfront.amazonaws.com] do [s3:GetObject]",
		},
		{
			"a distribution that nobody knows",
			mocked(set(`aws_cloudfront_distribution.this`, "origin", []any{map[string]any{"origin_id": "files"}})),
			"without saying who it is",
		},
	},
	"the dashboard has the security headers that it has on a laptop": {
		{
			"scripts of anybody",
			mocked(set(`aws_cloudfront_response_headers_policy.security`, contentSecurityPolicy, "default-src *")),
			`"default-src *"`,
		},
		{
			"a dashboard in a frame",
			mocked(set(`aws_cloudfront_response_headers_policy.security`, "security_headers_config.0.frame_options.0.frame_option", "SAMEORIGIN")),
			"X-Frame-Options",
		},
		{
			"a header too many",
			mocked(set(`aws_cloudfront_response_headers_policy.security`, "custom_headers_config.0.items.0.header", "X-Powered-By")),
			"which a laptop does not",
		},
		{
			"files without headers",
			mocked(set(`aws_cloudfront_distribution.this`, "default_cache_behavior.0.response_headers_policy_id", "")),
			"no security headers",
		},
	},
	"browsers keep only files that never change": {
		{
			"a page that nobody can replace",
			set(`module.web.aws_s3_object.page["index.html"]`, "cache_control", "public, max-age=31536000, immutable"),
			"is kept by browsers",
		},
		{"a file that is downloaded every time", set(`module.web.aws_s3_object.asset["assets/index-0a1b2c3d.js"]`, "cache_control", "no-cache"), "no-cache"},
		{"a script that is none", set(`module.web.aws_s3_object.asset["assets/index-0a1b2c3d.js"]`, "content_type", ""), "may not guess"},
	},
	"files are sent to signed links by the dashboard's pages, and by visitors' where there are any": {
		{
			"pages that delete",
			set(`aws_s3_bucket_cors_configuration.this`, "cors_rule", []any{map[string]any{"allowed_methods": []any{"DELETE"}}}),
			"lets pages do [DELETE]",
		},
	},
	"every channel of the manifest is routed, and nothing else": {
		{
			"a channel without a route",
			drop(`aws_apigatewayv2_route.webhook["GET /webhooks/whatsapp"]`),
			"whatsapp has no route GET /webhooks/whatsapp",
		},
		{
			"a route of a channel that is gone",
			add("aws_apigatewayv2_route", "route_key", "POST /webhooks/pigeon"),
			"belongs to no channel",
		},
	},
	"every channel has a secret, and no value of one enters the state": {
		{
			"a channel without a secret",
			drop(`module.channel["whatsapp"].aws_secretsmanager_secret`),
			"has no secret omni/channels/whatsapp",
		},
		{"a secret's value", add("aws_secretsmanager_secret_version", "secret_string", "x"), "into the state"},
		{"a password of the database", set(`aws_rds_cluster.this`, "master_password", "x"), "password in the state"},
	},
	"APIs are throttled, and keep an access log where they can": {
		{"no throttle", set(`aws_apigatewayv2_stage`, "default_route_settings", []any{}), "not throttled"},
		{"no access log", set(`aws_apigatewayv2_stage`, "access_log_settings", []any{}), "no access log"},
		{
			"verify tokens in the log",
			set(`aws_apigatewayv2_stage`, "access_log_settings.0.format", "$context.rawQueryString"),
			"query strings",
		},
	},
	"a schedule lets the database sleep": {
		{
			"a schedule that keeps the database awake",
			set(`aws_scheduler_schedule`, "schedule_expression", "rate(1 minute)"),
			"rate(1 minute)",
		},
		{"every minute of an hour", set(`aws_scheduler_schedule`, "schedule_expression", "cron(* 3 * * ? *)"), "fixed times"},
		{"a malformed schedule", set(`aws_scheduler_schedule`, "schedule_expression", "cron(0 3 * * * *)"), "fixed times"},
	},
	"queues and topics are encrypted": {
		{"a queue in the clear", set(`queue["messages"].aws_sqs_queue.main`, "sqs_managed_sse_enabled", false), "not encrypted"},
		{"a topic that alarms cannot reach", set(`aws_sns_topic.alarms`, "kms_master_key_id", "alias/aws/sns"), "alias/aws/sns"},
	},
	"queues and buckets answer over TLS only": {
		{"a queue without TLS", set(`queue["messages"].aws_sqs_queue.main`, "policy", `{"Statement":[]}`), "without TLS"},
	},
	"buckets are encrypted and closed to the public": {
		{"an open bucket", set(`module.jobs.aws_s3_bucket_public_access_block`, "block_public_policy", false), "opened to the public"},
		{"files for everybody", drop(`module.files.aws_s3_bucket_public_access_block`), "opened to the public"},
		{"a bucket in the clear", drop(`module.jobs.aws_s3_bucket_server_side_encryption_configuration`), "not encrypted"},
	},
	"the database is encrypted, private, saved, and its idle sessions end": {
		{"a database in the clear", set(`aws_rds_cluster.this`, "storage_encrypted", false), "not encrypted"},
		{"a database without tokens", set(`aws_rds_cluster.this`, "iam_database_authentication_enabled", false), "IAM tokens"},
		{"no backups", set(`aws_rds_cluster.this`, "backup_retention_period", 0.0), "no backups"},
		{"the Data API", set(`aws_rds_cluster.this`, "enable_http_endpoint", true), "Data API"},
		{"a public database", set(`aws_rds_cluster_instance.this`, "publicly_accessible", true), "is public"},
		{"idle sessions for ever", set(`aws_rds_cluster_parameter_group`, "parameter", []any{}), "idle_session_timeout"},
	},
	"every dead letter queue has an alarm at its first message": {
		{"dead letters without an alarm", drop(`queue["messages"].aws_cloudwatch_metric_alarm.dead_letters`), "its first message"},
		{
			"an alarm at the hundredth dead letter",
			set(`queue["messages"].aws_cloudwatch_metric_alarm.dead_letters`, "threshold", 100.0),
			"its first message",
		},
	},
	"every queue has an alarm on the age of its oldest message": {
		{"an old message unnoticed", drop(`queue["bulk"].aws_cloudwatch_metric_alarm.oldest`), "omni-bulk.fifo"},
	},
	"every function has alarms on errors and throttles": {
		{"errors unnoticed", drop(`module.timer.aws_cloudwatch_metric_alarm.this["errors"]`), "Errors of omni-timer"},
	},
	"every channel has alarms on what goes wrong with its webhooks, answers and files": {
		{
			"an alarm on a count that the code does not write",
			set(`channel["telegram"].aws_cloudwatch_metric_alarm.this["refused"]`, "metric_name", "rejected"),
			"refused of telegram",
		},
		{"answers refused unnoticed", drop(`channel["telegram"].aws_cloudwatch_metric_alarm.this["send-failed"]`), "send_failed of telegram"},
		{"jobs given up unnoticed", drop(`aws_cloudwatch_metric_alarm.all["jobs-given-up"]`), "dead_job of all"},
		{"a customer's endpoint without deliveries", drop(`aws_cloudwatch_metric_alarm.all["deliveries-disabled"]`), "delivery_disabled of all"},
	},
	"the database has alarms on capacity and connections": {
		{"a full database unnoticed", drop(`database.aws_cloudwatch_metric_alarm.this["capacity"]`), "ACUUtilization"},
	},
	"every API has alarms on what it could not answer": {
		{"failed answers to the platforms unnoticed", drop(`module.gateway.aws_cloudwatch_metric_alarm.failures`), "5xx"},
		{"failed answers to the agents unnoticed", drop(`module.agents_gateway.aws_cloudwatch_metric_alarm.failures`), "5xx"},
		{"dead sockets unnoticed", drop(`module.websocket.aws_cloudwatch_metric_alarm.this["errors"]`), "ExecutionError"},
	},
	"every alarm tells somebody, and silence is no alarm": {
		{"an alarm that tells nobody", set(`aws_cloudwatch_metric_alarm.all["jobs-given-up"]`, "alarm_actions", []any{}), "tells nobody"},
		{"an alarm at night", set(`aws_cloudwatch_metric_alarm.all["jobs-given-up"]`, "treat_missing_data", "breaching"), "breaching"},
		{"an alarm without words", set(`aws_cloudwatch_metric_alarm.all["jobs-given-up"]`, "alarm_description", ""), "what it means"},
	},
	"every name begins with the prefix, so that two stacks live in one account": {
		{"a name that two stacks would share", set(`aws_sns_topic.alarms`, "name", "alarms"), `"alarms"`},
		{"a name that only looks right", set(`aws_sns_topic.alarms`, "name", "omnibus"), `"omnibus"`},
	},
	"everything that takes tags says which stack it belongs to": {
		{"no tag", set(`aws_sns_topic.alarms`, "tags_all", map[string]any{}), `Project = ""`},
	},
}

func allow(action, resource string) string {
	return `{"Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`
}
