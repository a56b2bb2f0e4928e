locals {
  alarms = {
    errors = {
      metric      = "Errors"
      count       = var.error_alarm.count
      period      = var.error_alarm.period
      description = "Invocations of ${local.name} failed, ran out of time or could not start. Look into its log group ${aws_cloudwatch_log_group.this.name}"
    }
    throttles = {
      metric      = "Throttles"
      count       = 1
      period      = 300
      description = "${local.name} was invoked more often at once than it has instances: see the variable concurrency, and the account's quota."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${local.name}-${each.key}"
  alarm_description = each.value.description
  namespace         = "AWS/Lambda"
  metric_name       = each.value.metric
  dimensions        = { FunctionName = aws_lambda_function.this.function_name }

  statistic           = "Sum"
  period              = each.value.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.count
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.stack.alarm_topic_arn]
  ok_actions          = [var.stack.alarm_topic_arn]
}
