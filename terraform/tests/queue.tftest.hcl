# Rules of SQS that neither the provider nor the emulator checks.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                    = "omni-messages"
  arn_prefix              = "arn:aws:sqs:us-east-1:123456789012"
  fifo                    = true
  visibility_seconds      = 360
  dead_visibility_seconds = 360
  max_receives            = 200
  oldest_seconds          = 300
  alarm_topic_arn         = "arn:aws:sns:us-east-1:123456789012:omni-alarms"
}

run "fifo" {
  module {
    source = "./modules/queue"
  }

  assert {
    condition     = aws_sqs_queue.main.name == "omni-messages.fifo" && aws_sqs_queue.dead.name == "omni-messages-dead.fifo"
    error_message = "The names of FIFO queues end in .fifo, and a FIFO queue's dead letters need a FIFO queue."
  }

  assert {
    condition = alltrue([for queue in [aws_sqs_queue.main, aws_sqs_queue.dead] :
      queue.fifo_queue && queue.deduplication_scope == "messageGroup" && queue.fifo_throughput_limit == "perMessageGroupId" && queue.sqs_managed_sse_enabled
    ])
    error_message = "Both queues are FIFO, of high throughput, and encrypted."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.main.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 200 }
    error_message = "Messages go to the dead letter queue after 200 receives."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.dead.redrive_allow_policy).sourceQueueArns == ["arn:aws:sqs:us-east-1:123456789012:omni-messages.fifo"]
    error_message = "Only its own queue may send messages to a dead letter queue."
  }

  assert {
    condition     = aws_sqs_queue.dead.message_retention_seconds == 14 * 24 * 3600
    error_message = "Dead letters are kept as long as SQS keeps anything: 14 days."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters.dimensions.QueueName == "omni-messages-dead.fifo" && aws_cloudwatch_metric_alarm.oldest.dimensions.QueueName == "omni-messages.fifo"
    error_message = "Each queue has its alarm."
  }
}

run "standard" {
  module {
    source = "./modules/queue"
  }

  variables {
    name = "omni-timer"
    fifo = false
  }

  assert {
    condition     = aws_sqs_queue.main.name == "omni-timer" && aws_sqs_queue.dead.name == "omni-timer-dead" && !aws_sqs_queue.main.fifo_queue
    error_message = "A standard queue and its dead letter queue have no .fifo in their names."
  }
}

run "retention" {
  command = plan

  module {
    source = "./modules/queue"
  }

  variables {
    retention_days = 15
  }

  expect_failures = [var.retention_days]
}
