variable "api" {
  description = "The HTTP API of the routes."
  type = object({
    id            = string
    execution_arn = string
  })
}

variable "function" {
  description = "The function behind the routes: its name and the ARN by which API Gateway invokes it."
  type = object({
    name            = string
    invoke_arn      = string
    timeout_seconds = number
  })
}

variable "channels" {
  description = "Names of the channels whose visitors' pages ask."
  type        = set(string)
}
