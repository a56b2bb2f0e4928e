# What every function has, and what it is refused.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "processor"
  description     = "Works"
  memory_mb       = 512
  timeout_seconds = 60

  stack = {
    prefix             = "omni"
    partition          = "aws"
    arn_suffix         = "us-east-1:123456789012"
    build_folder       = "tests/fixtures/build"
    code_bucket        = "code"
    log_retention_days = 30
    log_level          = "INFO"
    metric_namespace   = "omni"
    alarm_topic_arn    = "arn:aws:sns:us-east-1:123456789012:omni-alarms"
  }

  consumes = {
    messages = {
      arn                = "arn:aws:sqs:us-east-1:123456789012:omni-messages.fifo"
      visibility_seconds = 360
      concurrency        = 8
    }
  }

  reserved_concurrency = 8
}

run "outside" {
  module {
    source = "./modules/function"
  }

  variables {
    permissions = {
      send = { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:us-east-1:123456789012:omni-bulk.fifo"] }
    }
  }

  assert {
    condition     = aws_lambda_function.this.runtime == "provided.al2023" && aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "Functions run on provided.al2023 and arm64, and are traced."
  }

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0 && !strcontains(aws_iam_role_policy.runtime.policy, "ec2:")
    error_message = "A function outside has no VPC and no rights there."
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/omni-processor" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "A function has a log group of its own, with retention."
  }

  assert {
    condition     = keys(aws_iam_role_policy.permission) == ["consume-messages", "send"]
    error_message = "The role allows what was given and the consumption of its queue."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.permission["consume-messages"].policy).Statement[0].Resource == ["arn:aws:sqs:us-east-1:123456789012:omni-messages.fifo"]
    error_message = "The role allows the consumption of exactly its queue."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["messages"].function_response_types == toset(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.queue["messages"].scaling_config[0].maximum_concurrency == 8
    error_message = "Only messages that failed come again, and the queue does not invoke more than it may."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.this) == ["errors", "throttles"]
    error_message = "Errors and throttles raise an alarm."
  }
}

run "inside" {
  module {
    source = "./modules/function"
  }

  variables {
    vpc = { subnet_ids = ["subnet-1"], security_group_id = "sg-1" }
  }

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1"])
    error_message = "A function inside is in the VPC."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.runtime.policy).Statement : statement.Condition.ArnEquals["lambda:SourceFunctionArn"] if statement.Effect == "Deny"
    ]) == "arn:aws:lambda:us-east-1:123456789012:function:omni-processor"
    error_message = "The function's own code cannot make network interfaces."
  }
}

run "visible_too_soon" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    timeout_seconds = 61
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "one_message_that_comes_back_soon" {
  module {
    source = "./modules/function"
  }

  variables {
    consumes = {
      outbound = { arn = "arn:aws:sqs:us-east-1:123456789012:omni-outbound-pager.fifo", visibility_seconds = 90, concurrency = 8, batch_size = 1, comes_back_soon = true }
    }
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["outbound"].batch_size == 1
    error_message = "The queue gives one message at a time."
  }
}

run "comes_back_too_soon" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    consumes = {
      outbound = { arn = "arn:aws:sqs:us-east-1:123456789012:omni-outbound-pager.fifo", visibility_seconds = 89, concurrency = 8, comes_back_soon = true }
    }
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "too_large_batches" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    consumes = {
      messages = { arn = "arn:aws:sqs:us-east-1:123456789012:omni-messages.fifo", visibility_seconds = 360, concurrency = 8, batch_size = 11 }
    }
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "more_invocations_than_instances" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    reserved_concurrency = 7
  }

  expect_failures = [aws_lambda_function.this]
}

run "concurrency_that_sqs_does_not_know" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    consumes = {
      messages = { arn = "arn:aws:sqs:us-east-1:123456789012:omni-messages.fifo", visibility_seconds = 360, concurrency = 1001 }
    }
    reserved_concurrency = null
  }

  expect_failures = [aws_lambda_event_source_mapping.queue]
}

run "not_built" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    name = "pigeon"
  }

  expect_failures = [aws_s3_object.code]
}
