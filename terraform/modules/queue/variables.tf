variable "name" {
  description = "Name of the queue, without .fifo. Its dead letter queue is called <name>-dead."
  type        = string
}

variable "arn_prefix" {
  description = "What the ARNs of the account's queues begin with: arn:<partition>:sqs:<region>:<account>."
  type        = string
}

variable "fifo" {
  description = "Whether the messages of a group come in order, once (FIFO), or the queue is a standard one, which can delay single messages."
  type        = bool
}

variable "visibility_seconds" {
  description = "How long a message that is being processed is hidden: as a rule at least six times the consumer's timeout."
  type        = number
}

variable "dead_visibility_seconds" {
  description = "The same for the dead letter queue and its consumer."
  type        = number
}

variable "retention_days" {
  description = "How long messages are kept; in the dead letter queue it is always 14 days, the longest that SQS knows."
  type        = number
  default     = 14

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 14
    error_message = "retention_days is between 1 and 14."
  }
}

variable "max_receives" {
  description = "How often a message is received before it moves to the dead letter queue."
  type        = number
}

variable "oldest_seconds" {
  description = "Age of the oldest message that raises an alarm."
  type        = number
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms."
  type        = string
}
