locals {
  alarms = {
    capacity = {
      metric      = "ACUUtilization"
      threshold   = 90
      description = "The database has used more than 90 % of its largest capacity for 15 minutes: raise database.max_capacity."
    }
    connections = {
      metric      = "DatabaseConnections"
      threshold   = var.most_connections
      description = "The database has more than ${var.most_connections} connections: lower the functions' concurrency or raise database.max_capacity."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.prefix}-database-${each.key}"
  alarm_description = each.value.description
  namespace         = "AWS/RDS"
  metric_name       = each.value.metric
  dimensions        = { DBClusterIdentifier = aws_rds_cluster.this.cluster_identifier }

  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
