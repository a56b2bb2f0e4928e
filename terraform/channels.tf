# The webhooks: an API of their own, and for each channel of the manifest its routes, secret, alarms and a widget. Its outbound queue is in main.tf.

locals {
  manifest = jsondecode(file(var.manifest))

  channels = {
    for name, channel in local.manifest : name => {
      title  = channel.title
      routes = toset([for route in channel.routes : route.key])
      hosted = channel.hosted # its platform is this product: see visitors.tf
    } if var.channels == null ? true : contains(var.channels, name)
  }
}

module "gateway" {
  source = "./modules/gateway"

  name               = var.prefix
  description        = "Webhooks of ${var.prefix}"
  path               = "/webhooks/*"
  throttle           = var.throttle
  route_throttles    = { for key in local.visitor_routes : key => var.visitors_throttle }
  log_retention_days = var.log_retention_days
  alarm_topic_arn    = module.alerts.topic_arn

  failures = { count = 1, meaning = "The platforms send such webhooks again." }
  latency  = { milliseconds = 1000, meaning = "WhatsApp allows no more." }

  function = {
    name            = module.webhook.name
    invoke_arn      = module.webhook.invoke_arn
    timeout_seconds = local.timeouts["webhook"]
  }
}

module "channel" {
  source   = "./modules/channel"
  for_each = local.channels

  prefix               = var.prefix
  name                 = each.key
  title                = each.value.title
  routes               = each.value.routes
  secret_recovery_days = var.database.deletion_protection ? 7 : 0
  metric_namespace     = local.metric_namespace
  alarm_topic_arn      = module.alerts.topic_arn

  api = {
    id     = module.gateway.api_id
    target = module.gateway.target
  }
}

# Exactly these secrets. It stands here and not with the function's other permissions, because the channels come after the function.
resource "aws_iam_role_policy" "channel_secrets" {
  name = "channel-secrets"
  role = module.webhook.role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = local.read_secrets.actions
      Resource = local.read_secrets.resources
    }]
  })
}

# What belongs to no channel.
resource "aws_cloudwatch_metric_alarm" "all" {
  for_each = {
    jobs-given-up = {
      metric      = "dead_job"
      description = "A job was given up and waits for an operator. See: omni dead list"
    }
    deliveries-disabled = {
      metric      = "delivery_disabled"
      description = "An endpoint of the company has failed for a day and gets no deliveries any more. See: omni subscriptions list"
    }
  }

  alarm_name        = "${var.prefix}-${each.key}"
  alarm_description = each.value.description
  namespace         = local.metric_namespace
  metric_name       = each.value.metric
  dimensions        = { Channel = "all" }

  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.alerts.topic_arn]
  ok_actions          = [module.alerts.topic_arn]
}

moved {
  from = aws_cloudwatch_metric_alarm.dead_job
  to   = aws_cloudwatch_metric_alarm.all["jobs-given-up"]
}

module "dashboard" {
  source = "./modules/dashboard"

  name             = var.prefix
  region           = var.region
  metric_namespace = local.metric_namespace
  channels         = { for name, channel in local.channels : name => channel.title }
  api_id           = module.gateway.api_id
  agents_api_id    = module.agents_gateway.api_id
  websocket_id     = module.websocket.api_id
  functions        = local.function_names
  queues           = { for name, queue in module.queue : name => { name = queue.name, dead_name = queue.dead_name } }
  database         = module.database.cluster_name
}
