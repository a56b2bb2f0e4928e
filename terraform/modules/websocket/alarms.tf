locals {
  alarms = {
    errors = {
      metric      = "ExecutionError"
      count       = 1
      description = "API Gateway could not reach the function behind the WebSocket API. Dashboards fall back to asking every 30 seconds; look into the function's log and its throttles."
    }
    refusals = {
      metric      = "IntegrationError"
      count       = 50
      description = "Many sockets were refused, or failed: tickets that are too old or used before. Either browsers' and AWS's clocks differ, or a stranger is knocking."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = each.value.description
  namespace         = "AWS/ApiGateway"
  metric_name       = each.value.metric
  dimensions        = { ApiId = aws_apigatewayv2_api.this.id }

  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.count
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
