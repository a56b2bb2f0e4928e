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

variable "route_throttles" {
  description = "The same for routes that have limits of their own, by their keys."
  type = map(object({
    rate  = number
    burst = number
  }))
  default  = {}
  nullable = false
}

variable "failures" {
  description = "How many answers of 5xx within five minutes raise an alarm, and what they mean."
  type = object({
    count   = number
    meaning = string
  })
}

variable "latency" {
  description = "How long the slowest hundredth of the answers may take, and what it means when it takes longer."
  type = object({
    milliseconds = number
    meaning      = string
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
