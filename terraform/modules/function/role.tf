# The role of the function: what each function does, its queues, and what it was given.

locals {
  # Lambda's service makes the network interfaces with the function's role, and EC2 knows no narrower resource for that. The function itself
  # is denied what its role needs there.
  network_actions = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ]

  network_statements = [
    { Sid = "NetworkInterfaces", Effect = "Allow", Action = local.network_actions, Resource = "*" },
    {
      Sid       = "NotByTheFunctionItself"
      Effect    = "Deny"
      Action    = local.network_actions
      Resource  = "*"
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:${var.stack.partition}:lambda:${var.stack.arn_suffix}:function:${local.name}" } }
    },
  ]

  runtime_statements = [
    {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.this.arn}:*"
    },
    {
      Sid      = "Traces" # X-Ray knows no resources
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*"
    },
  ]

  consumption = {
    for name, queue in var.consumes : "consume-${name}" => {
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
      resources = [queue.arn]
    }
  }
}

resource "aws_iam_role" "this" {
  name        = local.name
  description = "Lambda function ${local.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "runtime" {
  name = "runtime"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.runtime_statements, [for statement in local.network_statements : statement if var.vpc != null])
  })
}

resource "aws_iam_role_policy" "permission" {
  for_each = merge(var.permissions, local.consumption)

  name = each.key
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = each.value.actions
      Resource = each.value.resources
    }]
  })
}
