variable "api" {
  description = "The HTTP API of the routes and what they point at there."
  type = object({
    id     = string
    target = string
  })
}

variable "identity" {
  description = "Whose tokens are taken, and the client that they are made for."
  type = object({
    issuer    = string
    client_id = string
  })
}
