# A Lambda function with its code, role, log group, queues and alarms.

locals {
  name = "${var.stack.prefix}-${var.name}"
  zip  = "${var.stack.build_folder}/${var.name}.zip"

  # Without the file the precondition below speaks, not the function that would read it.
  hash = fileexists(local.zip) ? filebase64sha256(local.zip) : null

  concurrency_of_queues = sum(concat([0], [for queue in var.consumes : queue.concurrency]))
}

resource "aws_s3_object" "code" {
  bucket      = var.stack.code_bucket
  key         = "functions/${var.name}.zip"
  source      = local.zip
  source_hash = local.hash

  lifecycle {
    precondition {
      condition     = fileexists(local.zip)
      error_message = "${local.zip} does not exist: run `make build` first."
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.stack.log_retention_days
}

resource "aws_lambda_function" "this" {
  function_name = local.name
  description   = var.description
  role          = aws_iam_role.this.arn

  s3_bucket        = aws_s3_object.code.bucket
  s3_key           = aws_s3_object.code.key
  source_code_hash = local.hash
  runtime          = "provided.al2023"
  architectures    = ["arm64"]
  handler          = "bootstrap"

  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = merge({ LOG_LEVEL = var.stack.log_level, METRICS_NAMESPACE = var.stack.metric_namespace }, var.environment)
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = [vpc_config.value.security_group_id]
    }
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "Text" # the function writes JSON itself
    log_group  = aws_cloudwatch_log_group.this.name
  }

  depends_on = [aws_iam_role_policy.runtime, aws_iam_role_policy.permission]

  lifecycle {
    precondition {
      condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= local.concurrency_of_queues
      error_message = "${local.name}: its queues may invoke it ${local.concurrency_of_queues} times at once, so at least that many instances have to be reserved."
    }
  }
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = var.consumes

  function_name           = aws_lambda_function.this.arn
  event_source_arn        = each.value.arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = each.value.concurrency
  }

  lifecycle {
    precondition {
      condition     = each.value.visibility_seconds >= (each.value.comes_back_soon ? var.timeout_seconds + 30 : 6 * var.timeout_seconds)
      error_message = "${each.key}: its visibility timeout of ${each.value.visibility_seconds} s has to be at least ${each.value.comes_back_soon ? "30 s more than" : "six times"} the ${var.timeout_seconds} s that ${local.name} may take."
    }

    precondition {
      condition     = each.value.batch_size >= 1 && each.value.batch_size <= 10
      error_message = "${each.key}: its batches are of 1 to 10 messages; SQS gives no more of a FIFO queue."
    }

    precondition {
      condition     = each.value.concurrency >= 2 && each.value.concurrency <= 1000
      error_message = "${each.key}: its concurrency is between 2 and 1000; SQS takes no other."
    }
  }
}
