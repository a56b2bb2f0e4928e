# An SQS queue with its dead letter queue and an alarm on each. The two refer to each other, so one of the ARNs is made of names.

locals {
  suffix    = var.fifo ? ".fifo" : ""
  name      = "${var.name}${local.suffix}"
  dead_name = "${var.name}-dead${local.suffix}"
  arn       = "${var.arn_prefix}:${local.name}"
  dead_arn  = "${var.arn_prefix}:${local.dead_name}"

  only_over_tls = {
    for name, arn in { main = local.arn, dead = local.dead_arn } : name => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "OnlyOverTLS"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sqs:*"
        Resource  = arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    })
  }
}

resource "aws_sqs_queue" "main" {
  name = local.name

  fifo_queue            = var.fifo
  deduplication_scope   = var.fifo ? "messageGroup" : null
  fifo_throughput_limit = var.fifo ? "perMessageGroupId" : null # with the scope above: high throughput

  visibility_timeout_seconds = var.visibility_seconds
  message_retention_seconds  = var.retention_days * 86400
  sqs_managed_sse_enabled    = true
  policy                     = local.only_over_tls["main"]

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = var.max_receives
  })
}

resource "aws_sqs_queue" "dead" {
  name = local.dead_name

  fifo_queue            = var.fifo
  deduplication_scope   = var.fifo ? "messageGroup" : null
  fifo_throughput_limit = var.fifo ? "perMessageGroupId" : null

  visibility_timeout_seconds = var.dead_visibility_seconds
  message_retention_seconds  = 14 * 86400
  sqs_managed_sse_enabled    = true
  policy                     = local.only_over_tls["dead"]

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.arn]
  })
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name        = "${var.name}-dead-letters"
  alarm_description = "Messages came to rest in ${local.dead_name}. Look with: omni dead list"
  namespace         = "AWS/SQS"
  metric_name       = "ApproximateNumberOfMessagesVisible"
  dimensions        = { QueueName = aws_sqs_queue.dead.name }

  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "oldest" {
  alarm_name        = "${var.name}-oldest"
  alarm_description = "The oldest message of ${local.name} is more than ${var.oldest_seconds} s old: its consumer does not keep up or fails."
  namespace         = "AWS/SQS"
  metric_name       = "ApproximateAgeOfOldestMessage"
  dimensions        = { QueueName = aws_sqs_queue.main.name }

  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.oldest_seconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
