variable "name" {
  description = "Name of the function: its folder in lambda/."
  type        = string
}

variable "stack" {
  description = "What all functions of a stack share."
  type = object({
    prefix             = string # what every name begins with
    arn_suffix         = string # of ARNs: <region>:<account>
    partition          = string # of ARNs
    build_folder       = string # where <name>.zip is
    code_bucket        = string # where the code is uploaded
    log_retention_days = number
    log_level          = string
    metric_namespace   = string # of CloudWatch
    alarm_topic_arn    = string
  })
}

variable "description" {
  description = "What the function does, for the console."
  type        = string
}

variable "memory_mb" {
  description = "Memory in MB; CPU comes in proportion."
  type        = number
}

variable "timeout_seconds" {
  description = "How long one invocation may take."
  type        = number
}

variable "reserved_concurrency" {
  description = "Most instances at a time, reserved in the account; null reserves none."
  type        = number
  default     = null
}

variable "environment" {
  description = "Environment variables."
  type        = map(string)
  default     = {}
}

variable "vpc" {
  description = "Subnets and security group for a function of the inside zone; null puts it outside."
  type = object({
    subnet_ids        = list(string)
    security_group_id = string
  })
  default = null
}

variable "permissions" {
  description = "What the function may do beside writing logs and traces, by a name for each permission. Each becomes a policy of its own."
  type = map(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = {}
}

variable "consumes" {
  description = "Queues whose messages invoke the function, by name."
  type = map(object({
    arn                = string
    visibility_seconds = number
    concurrency        = number # most batches at a time
    batch_size         = optional(number, 10)
    comes_back_soon    = optional(bool, false) # a message that comes while it is still being processed does no harm
  }))
  default = {}
}

variable "error_alarm" {
  description = "How many failed invocations within how many seconds raise an alarm."
  type = object({
    count  = optional(number, 1)
    period = optional(number, 300)
  })
  default = {}
}
