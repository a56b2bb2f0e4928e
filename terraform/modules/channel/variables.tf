variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "name" {
  description = "Name of the channel: its folder in channels/."
  type        = string
}

variable "title" {
  description = "The channel's name for people."
  type        = string
}

variable "routes" {
  description = "Keys of the channel's webhook routes, like \"POST /webhooks/whatsapp\"."
  type        = set(string)

  validation {
    condition     = alltrue([for key in var.routes : can(regex("^(GET|OPTIONS|POST) /webhooks/", key))])
    error_message = "A route's key is GET, OPTIONS or POST, a space, and a path under /webhooks/."
  }
}

variable "api" {
  description = "The HTTP API of the routes and what they point at there."
  type = object({
    id     = string
    target = string
  })
}

variable "secret_recovery_days" {
  description = "For how many days a deleted secret can be restored, 7 to 30; 0 deletes it at once."
  type        = number
}

variable "metric_namespace" {
  description = "CloudWatch namespace of the functions' own metrics."
  type        = string
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms."
  type        = string
}
