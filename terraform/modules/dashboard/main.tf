# One dashboard, read from top to bottom the way a message goes: gateway, channels, answers, agents, queues, functions, database.

locals {
  gateway = [
    {
      title = "Webhooks"
      stat  = "Sum"
      metrics = [
        ["AWS/ApiGateway", "Count", "ApiId", var.api_id, { label = "requests" }],
        ["AWS/ApiGateway", "4xx", "ApiId", var.api_id, { label = "refused (4xx)" }],
        ["AWS/ApiGateway", "5xx", "ApiId", var.api_id, { label = "failed (5xx)" }],
      ]
    },
    {
      title = "Answer to a webhook, ms"
      stat  = "p50"
      metrics = [
        ["AWS/ApiGateway", "Latency", "ApiId", var.api_id, { label = "p50", stat = "p50" }],
        ["AWS/ApiGateway", "Latency", "ApiId", var.api_id, { label = "p99", stat = "p99" }],
      ]
    },
    {
      title = "From webhook to processed, ms"
      stat  = "p50"
      metrics = [
        for name, title in var.channels : [var.metric_namespace, "processed_age", "Channel", name, { label = title }]
      ]
    },
  ]

  channel_counts = ["received", "processed", "duplicate", "refused", "failed", "spilled", "unknown", "parse_error", "dead"]

  channels = [
    for name, title in var.channels : {
      title   = title
      stat    = "Sum"
      metrics = [for count in local.channel_counts : [var.metric_namespace, count, "Channel", name, { label = count }]]
    }
  ]

  answers = [
    {
      title   = "Answers that platforms took"
      stat    = "Sum"
      metrics = [for name, title in var.channels : [var.metric_namespace, "sent", "Channel", name, { label = title }]]
    },
    {
      title = "Answers given up, or of unknown fate"
      stat  = "Sum"
      metrics = concat(
        [for name, title in var.channels : [var.metric_namespace, "send_failed", "Channel", name, { label = "${title}, given up" }]],
        [for name, title in var.channels : [var.metric_namespace, "send_unknown", "Channel", name, { label = "${title}, unknown" }]],
      )
    },
    {
      title = "Files that could not be copied, endpoints disabled"
      stat  = "Sum"
      metrics = concat(
        [for name, title in var.channels : [var.metric_namespace, "media_failed", "Channel", name, { label = "files of ${title}" }]],
        [[var.metric_namespace, "delivery_disabled", "Channel", "all", { label = "endpoints disabled" }]],
      )
    },
  ]

  agents = [
    {
      title = "Requests of dashboards"
      stat  = "Sum"
      metrics = [
        ["AWS/ApiGateway", "Count", "ApiId", var.agents_api_id, { label = "requests" }],
        ["AWS/ApiGateway", "4xx", "ApiId", var.agents_api_id, { label = "refused (4xx)" }],
        ["AWS/ApiGateway", "5xx", "ApiId", var.agents_api_id, { label = "failed (5xx)" }],
      ]
    },
    {
      title = "Answer to a dashboard, ms"
      stat  = "p50"
      metrics = [
        ["AWS/ApiGateway", "Latency", "ApiId", var.agents_api_id, { label = "p50", stat = "p50" }],
        ["AWS/ApiGateway", "Latency", "ApiId", var.agents_api_id, { label = "p99", stat = "p99" }],
      ]
    },
    {
      title = "Sockets"
      stat  = "Sum"
      metrics = [
        ["AWS/ApiGateway", "ConnectCount", "ApiId", var.websocket_id, { label = "opened" }],
        ["AWS/ApiGateway", "MessageCount", "ApiId", var.websocket_id, { label = "messages, both ways" }],
        ["AWS/ApiGateway", "IntegrationError", "ApiId", var.websocket_id, { label = "refused" }],
        ["AWS/ApiGateway", "ExecutionError", "ApiId", var.websocket_id, { label = "failed" }],
      ]
    },
  ]

  queues = [
    {
      title = "Messages waiting"
      stat  = "Maximum"
      metrics = [
        for name, queue in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.name, { label = name }]
      ]
    },
    {
      title = "Oldest message, s"
      stat  = "Maximum"
      metrics = [
        for name, queue in var.queues : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue.name, { label = name }]
      ]
    },
    {
      title = "Dead letters"
      stat  = "Maximum"
      metrics = concat(
        [for name, queue in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.dead_name, { label = name }]],
        [[var.metric_namespace, "dead_job", "Channel", "all", { label = "given up", stat = "Sum" }]],
        [[var.metric_namespace, "overdue", "Channel", "all", { label = "overdue, queued again", stat = "Sum" }]],
      )
    },
  ]

  functions = [
    {
      title   = "Duration of functions, p95, ms"
      stat    = "p95"
      metrics = [for name, function in var.functions : ["AWS/Lambda", "Duration", "FunctionName", function, { label = name }]]
    },
    {
      title   = "Instances at once"
      stat    = "Maximum"
      metrics = [for name, function in var.functions : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", function, { label = name }]]
    },
    {
      title = "Errors and throttles"
      stat  = "Sum"
      metrics = concat(
        [for name, function in var.functions : ["AWS/Lambda", "Errors", "FunctionName", function, { label = "${name} errors" }]],
        [for name, function in var.functions : ["AWS/Lambda", "Throttles", "FunctionName", function, { label = "${name} throttles" }]],
      )
    },
  ]

  database = [
    {
      title   = "Database: capacity, ACU (0: asleep)"
      stat    = "Average"
      metrics = [["AWS/RDS", "ServerlessDatabaseCapacity", "DBClusterIdentifier", var.database, { label = "capacity" }]]
    },
    {
      title   = "Database: use of its largest capacity, %"
      stat    = "Average"
      metrics = [["AWS/RDS", "ACUUtilization", "DBClusterIdentifier", var.database, { label = "utilization" }]]
    },
    {
      title   = "Database: connections"
      stat    = "Average"
      metrics = [["AWS/RDS", "DatabaseConnections", "DBClusterIdentifier", var.database, { label = "connections" }]]
    },
  ]

  parts = [local.gateway, local.channels, local.answers, local.agents, local.queues, local.functions, local.database]
}

# Where the widgets are: CloudWatch's grid is 24 wide. Each part begins a row, and goes on in the next one when it does not fit.
locals {
  per_row = 3
  width   = 24 / local.per_row
  height  = 6

  rows_of_parts = [for part in local.parts : ceil(length(part) / local.per_row)]

  widgets = flatten([
    for i, part in local.parts : [
      for n, widget in part : {
        type   = "metric"
        x      = n % local.per_row * local.width
        y      = (sum(concat([0], slice(local.rows_of_parts, 0, i))) + floor(n / local.per_row)) * local.height
        width  = local.width
        height = local.height
        properties = {
          title   = widget.title
          region  = var.region
          view    = "timeSeries"
          stat    = widget.stat
          period  = 60
          metrics = widget.metrics
        }
      }
    ]
  ])
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = local.widgets })
}
