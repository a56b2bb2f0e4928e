# The smaller modules, each by itself.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  prefix          = "omni"
  account         = "123456789012"
  region          = "us-east-1"
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:omni-alarms"
}

run "network" {
  module {
    source = "./modules/network"
  }

  variables {
    cidr  = "10.42.0.0/20"
    zones = 2

    endpoint_resources = {
      sqs            = ["arn:aws:sqs:us-east-1:123456789012:omni-*"]
      secretsmanager = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:omni/channels/*"]
      s3             = ["arn:aws:s3:::jobs"]
    }
  }

  assert {
    condition = sort([for subnet in concat(values(aws_subnet.functions), values(aws_subnet.database)) : subnet.cidr_block]) == tolist([
      "10.42.0.0/22", "10.42.12.0/22", "10.42.4.0/22", "10.42.8.0/22",
    ])
    error_message = "Four subnets were expected to share the VPC's addresses."
  }

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["secretsmanager", "sqs"] && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "Only SQS, Secrets Manager and S3 can be reached."
  }

  assert {
    condition = alltrue([
      for endpoint in values(aws_vpc_endpoint.interface) : jsondecode(endpoint.policy).Statement[0].Condition.StringEquals["aws:PrincipalAccount"] == "123456789012"
    ])
    error_message = "Endpoints let in nobody of another account, so nothing inside can carry data to one."
  }

  assert {
    condition = alltrue([
      for rule in values(aws_vpc_security_group_ingress_rule.functions) :
      rule.referenced_security_group_id == aws_security_group.this["functions"].id && rule.from_port == rule.to_port && rule.cidr_ipv4 == null
    ])
    error_message = "Database and endpoints take connections from functions only, on one port each."
  }
}

run "database_that_sleeps" {
  module {
    source = "./modules/database"
  }

  variables {
    subnet_ids          = ["subnet-1", "subnet-2"]
    zone_names          = ["us-east-1a"]
    security_group_id   = "sg-1"
    capacity            = { min = 0, max = 2, pause_seconds = 600 }
    engine_version      = "17"
    backup_days         = 7
    deletion_protection = true
    final_snapshot      = true
    log_retention_days  = 30
    most_connections    = 300
  }

  assert {
    condition     = aws_rds_cluster.this.serverlessv2_scaling_configuration[0].seconds_until_auto_pause == 600 && one([for p in aws_rds_cluster_parameter_group.this.parameter : p.value if p.name == "idle_session_timeout"]) == "60000"
    error_message = "The database pauses after ten minutes, and ends idle sessions before that."
  }

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.iam_database_authentication_enabled && aws_rds_cluster.this.deletion_protection
    error_message = "The database is encrypted, protected, and entered without a password that anybody knows."
  }

  assert {
    condition     = !aws_rds_cluster.this.skip_final_snapshot && startswith(aws_rds_cluster.this.final_snapshot_identifier, "omni-final-")
    error_message = "A snapshot is taken before the end."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible && instance.instance_class == "db.serverless" && !instance.performance_insights_enabled])
    error_message = "Instances are private and serverless; Performance Insights takes too much of a small one."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.this) == ["capacity", "connections"] && aws_cloudwatch_metric_alarm.this["capacity"].metric_name == "ACUUtilization"
    error_message = "Capacity and connections raise alarms."
  }
}

run "database_that_is_always_awake" {
  module {
    source = "./modules/database"
  }

  variables {
    subnet_ids          = ["subnet-1", "subnet-2"]
    zone_names          = ["us-east-1a", "us-east-1b"]
    security_group_id   = "sg-1"
    capacity            = { min = 2, max = 8, pause_seconds = 600 }
    engine_version      = "17"
    backup_days         = 7
    deletion_protection = false
    final_snapshot      = false
    log_retention_days  = 30
    most_connections    = 300
  }

  assert {
    condition     = aws_rds_cluster.this.final_snapshot_identifier == null && aws_rds_cluster.this.skip_final_snapshot
    error_message = "Told not to, no snapshot is taken."
  }

  assert {
    condition     = [for instance in values(aws_rds_cluster_instance.this) : instance.availability_zone] == ["us-east-1a", "us-east-1b"]
    error_message = "Each zone has an instance."
  }
}

run "gateway" {
  module {
    source = "./modules/gateway"
  }

  variables {
    name               = "omni"
    description        = "Webhooks of omni"
    path               = "/webhooks/*"
    throttle           = { rate = 100, burst = 200 }
    failures           = { count = 1, meaning = "They come again." }
    latency            = { milliseconds = 1000, meaning = "That is too slow." }
    log_retention_days = 30
    function           = { name = "omni-webhook", invoke_arn = "arn:aws:lambda:us-east-1:123456789012:function:omni-webhook", timeout_seconds = 10 }
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.auto_deploy && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 100
    error_message = "The stage is deployed by itself, and throttled."
  }

  assert {
    condition     = jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).routeKey == "$context.routeKey" && !strcontains(lower(aws_apigatewayv2_stage.default.access_log_settings[0].format), "querystring")
    error_message = "Accesses are logged as JSON, without the query string that holds the verify token."
  }

  assert {
    condition     = endswith(aws_lambda_permission.api.source_arn, "/*/*/webhooks/*")
    error_message = "The API may invoke the function for webhooks only."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.latency.threshold == 1000 && endswith(aws_cloudwatch_metric_alarm.latency.alarm_description, "That is too slow.") && aws_cloudwatch_metric_alarm.failures.threshold == 1
    error_message = "The alarms begin where they are told to, and say what that means."
  }
}

run "channel" {
  module {
    source = "./modules/channel"
  }

  variables {
    name                 = "pager"
    title                = "Pager"
    routes               = ["GET /webhooks/pager", "POST /webhooks/pager"]
    secret_recovery_days = 7
    metric_namespace     = "Omni"
    api                  = { id = "api", target = "integrations/1" }
  }

  assert {
    condition     = alltrue([for key, route in aws_apigatewayv2_route.webhook : route.authorization_type == "NONE" && route.route_key == key])
    error_message = "Webhook routes are public, and say so."
  }

  assert {
    condition     = aws_secretsmanager_secret.this.name == "omni/channels/pager" && aws_secretsmanager_secret.this.recovery_window_in_days == 7
    error_message = "The channel has a secret that can be restored for a week."
  }

  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.this) : alarm.dimensions.Channel == "pager" && alarm.alarm_actions == toset([var.alarm_topic_arn])])
    error_message = "Every alarm is about this channel and goes to the topic."
  }

  assert {
    condition     = output.webhook_paths == tolist(["/webhooks/pager"])
    error_message = "The platform posts to the POST route."
  }
}

run "route_that_is_none" {
  command = plan

  module {
    source = "./modules/channel"
  }

  variables {
    name                 = "pager"
    title                = "Pager"
    routes               = ["ANY /webhooks/pager"]
    secret_recovery_days = 7
    metric_namespace     = "Omni"
    api                  = { id = "api", target = "integrations/1" }
  }

  expect_failures = [var.routes]
}

run "alerts" {
  module {
    source = "./modules/alerts"
  }

  variables {
    partition = "aws"
    email     = "team@example.com"
  }

  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == aws_kms_key.alarms.arn && aws_kms_key.alarms.enable_key_rotation
    error_message = "The topic is encrypted with a key that changes every year."
  }

  assert {
    condition     = one([for s in jsondecode(aws_kms_key.alarms.policy).Statement : s.Principal.Service if s.Sid == "AlarmsUseTheKey"]) == "cloudwatch.amazonaws.com"
    error_message = "CloudWatch must be allowed to use the key, or no alarm arrives."
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.email) == ["team@example.com"]
    error_message = "The address gets the alarms."
  }
}

run "bucket" {
  module {
    source = "./modules/bucket"
  }

  variables {
    name          = "omni-files"
    force_destroy = false
    expire_days   = { "files/" = 365 }
  }

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id] == ["abort-uploads", "expire-files"] && aws_s3_bucket_lifecycle_configuration.this.rule[1].expiration[0].days == 365
    error_message = "Uploads that nobody completes go after a day, objects when they are told to."
  }

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.this["only-over-tls"].policy).Statement : statement.Effect] == ["Deny"]
    error_message = "The bucket answers over TLS only, and lets nobody in by itself."
  }

  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "No page may send anything to it."
  }
}

run "bucket_of_browsers" {
  module {
    source = "./modules/bucket"
  }

  variables {
    name              = "omni-files"
    force_destroy     = false
    upload_origins    = ["https://inbox.example.com"]
    distribution_arns = ["arn:aws:cloudfront::123456789012:distribution/E1"]
  }

  assert {
    condition     = [for rule in aws_s3_bucket_cors_configuration.this["uploads"].cors_rule : [rule.allowed_methods, rule.allowed_origins]] == [[toset(["PUT"]), toset(["https://inbox.example.com"])]]
    error_message = "Pages of this origin may send files, and no others."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.this["only-over-tls"].policy).Statement :
      statement.Principal == { Service = "cloudfront.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceArn"] == ["arn:aws:cloudfront::123456789012:distribution/E1"] if statement.Effect == "Allow"
    ])
    error_message = "Only this distribution reads it."
  }

  assert {
    condition     = output.domain_name == "${output.name}.s3.us-east-1.amazonaws.com"
    error_message = "The name is that of links which are signed in the region."
  }
}

run "dashboard" {
  module {
    source = "./modules/dashboard"
  }

  variables {
    name             = "omni"
    metric_namespace = "Omni"
    api_id           = "api"
    agents_api_id    = "agents"
    websocket_id     = "sockets"
    functions        = { webhook = "omni-webhook" }
    queues           = { messages = { name = "omni-messages.fifo", dead_name = "omni-messages-dead.fifo" } }
    database         = "omni"
    channels         = { messenger = "Messenger", pager = "Pager", telegram = "Telegram", whatsapp = "WhatsApp" }
  }

  assert {
    condition     = [for widget in local.widgets : widget.properties.title if widget.y == 6 || widget.y == 12] == ["Messenger", "Pager", "Telegram", "WhatsApp"]
    error_message = "The second and third row hold a widget for each channel."
  }

  assert {
    condition     = alltrue([for widget in local.widgets : length(widget.properties.metrics) >= 4 if widget.y == 18]) && length([for widget in local.widgets : widget if widget.y == 18]) == 3
    error_message = "The fourth row shows what became of every channel's answers."
  }

  assert {
    condition     = [for widget in local.widgets : widget.properties.metrics[0][3] if widget.y == 24] == ["agents", "agents", "sockets"]
    error_message = "The fifth row shows how the agents fare."
  }

  assert {
    condition     = length(distinct([for widget in local.widgets : "${widget.x},${widget.y}"])) == length(local.widgets) && max([for widget in local.widgets : widget.x + widget.width]...) == 24
    error_message = "No widget lies on another or beside the grid."
  }
}

run "schedule" {
  module {
    source = "./modules/schedule"
  }

  variables {
    name         = "omni-sweeper"
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:omni-sweeper"
    expression   = "cron(0 3 * * ? *)"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.invoke.policy).Statement[0].Resource == "arn:aws:lambda:us-east-1:123456789012:function:omni-sweeper"
    error_message = "The schedule may invoke its function only."
  }
}

run "schedule_that_is_none" {
  command = plan

  module {
    source = "./modules/schedule"
  }

  variables {
    name         = "omni-sweeper"
    function_arn = "arn:aws:lambda:us-east-1:123456789012:function:omni-sweeper"
    expression   = "every day"
  }

  expect_failures = [var.expression]
}
