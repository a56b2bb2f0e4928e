variable "name" {
  description = "Name of the dashboard."
  type        = string
}

variable "region" {
  description = "Region of the metrics."
  type        = string
}

variable "metric_namespace" {
  description = "CloudWatch namespace of the functions' own metrics."
  type        = string
}

variable "channels" {
  description = "Channels with a widget each: name and title."
  type        = map(string)
}

variable "api_id" {
  description = "Id of the HTTP API of the webhooks."
  type        = string
}

variable "agents_api_id" {
  description = "Id of the HTTP API of the agents."
  type        = string
}

variable "websocket_id" {
  description = "Id of the WebSocket API."
  type        = string
}

variable "functions" {
  description = "Names of the functions in AWS, by the project's names."
  type        = map(string)
}

variable "queues" {
  description = "Names of the queues and of their dead letter queues."
  type = map(object({
    name      = string
    dead_name = string
  }))
}

variable "database" {
  description = "Name of the database's cluster."
  type        = string
}
