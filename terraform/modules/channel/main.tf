# Everything that exists once for each channel.

# Public on purpose: a platform has no credentials of ours. The function checks the platform's signature over the raw bytes before it does
# anything else, and for a handshake (GET) the verify token.
resource "aws_apigatewayv2_route" "webhook" {
  for_each = var.routes

  api_id             = var.api.id
  route_key          = each.key
  target             = var.api.target
  authorization_type = "NONE"
}

# Made without a value: `omni secrets set` puts it in, so it never enters Terraform's state. Without it the channel refuses webhooks.
resource "aws_secretsmanager_secret" "this" {
  name                    = "${var.prefix}/channels/${var.name}"
  description             = "Secrets of ${var.title}: {\"<account>\": {\"<secret>\": \"value\"}}"
  recovery_window_in_days = var.secret_recovery_days
}

locals {
  # The functions count these with the channel as dimension.
  alarms = {
    refused = {
      metric      = "refused"
      count       = 5
      description = "Webhooks of ${var.title} were refused: wrong signature, unknown account, or too large. Either the secret is wrong (omni secrets check ${var.name}) or a stranger is knocking."
    }
    failed = {
      metric      = "failed"
      count       = 1
      description = "Webhooks of ${var.title} could not be accepted: secrets are missing, or neither database nor queue took them. The platform sends them again."
    }
    spilled = {
      metric      = "spilled"
      count       = 1
      description = "The database did not take webhooks of ${var.title} in time, so they went into the queue and are stored from there. Expected when a sleeping database wakes."
    }
    unknown = {
      metric      = "new_unknown"
      count       = 1
      description = "${var.title} sent a kind of event that this version does not know, for the first time. It is kept; a newer version may understand it (omni replay)."
    }
    unreadable = {
      metric      = "parse_error"
      count       = 1
      description = "${var.title} sent a rightly signed webhook that cannot be read. It is kept with the reason."
    }
    dead = {
      metric      = "dead"
      count       = 1
      description = "Events of ${var.title} can never be processed as they are. See: omni dead list --channel ${var.name}"
    }
    send-failed = {
      metric      = "send_failed"
      count       = 5
      description = "Answers to ${var.title} were given up; each message says why. Many at once: the token has ended, or the account is blocked (omni doctor --aws)."
    }
    send-unknown = {
      metric      = "send_unknown"
      count       = 5
      description = "Answers to ${var.title} were interrupted, and nobody will tell whether they arrived; agents decide. Many at once: the platform is slow or gone, or the sender is."
    }
    unhealthy = {
      metric      = "channel_unhealthy"
      count       = 1
      description = "${var.title} was asked about an account of ours, and its credentials do not work: refused, missing, or the platform was not reached. See: omni channels list"
    }
    media-failed = {
      metric      = "media_failed"
      count       = 5
      description = "Files of ${var.title} could not be copied. Their messages are readable without them."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.prefix}-${var.name}-${each.key}"
  alarm_description = each.value.description
  namespace         = var.metric_namespace
  metric_name       = each.value.metric
  dimensions        = { Channel = var.name }

  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.count
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
