variable "name" {
  description = "Name of the schedule and of its role."
  type        = string
}

variable "account" {
  description = "Id of the account."
  type        = string
}

variable "function_arn" {
  description = "The function to invoke."
  type        = string
}

variable "expression" {
  description = "When, in UTC: cron(...) or rate(...)."
  type        = string

  validation {
    condition     = can(regex("^(cron|rate)\\(.+\\)$", var.expression))
    error_message = "expression is cron(...) or rate(...), like cron(0 3 * * ? *)."
  }
}
