variable "prefix" {
  description = "Name of the API."
  type        = string
}

variable "function" {
  description = "The function behind the routes: its name and the ARN by which API Gateway invokes it."
  type = object({
    name            = string
    invoke_arn      = string
    timeout_seconds = number
  })
}

variable "path" {
  description = "Paths for which the API may invoke the function, as in an ARN."
  type        = string
}

variable "throttle" {
  description = "Requests per second, and at once; above them API Gateway answers 429."
  type = object({
    rate  = number
    burst = number
  })
}

variable "log_retention_days" {
  description = "How long access logs are kept."
  type        = number
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms."
  type        = string
}
