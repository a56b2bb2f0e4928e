variable "name" {
  description = "Name of the API, and what the names of its alarms begin with."
  type        = string
}

variable "description" {
  description = "What the API is for, for the console."
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

variable "throttle" {
  description = "Messages of clients per second, and at once, that are let through."
  type = object({
    rate  = number
    burst = number
  })
}

variable "access_log" {
  description = "Whether there is an access log. AWS refuses one where API Gateway has no role for logs, which is a setting of the account and region."
  type        = bool
}

variable "log_retention_days" {
  description = "How long access logs are kept."
  type        = number
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms."
  type        = string
}
