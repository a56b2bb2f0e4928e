variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "folder" {
  description = "Folder of the built dashboard."
  type        = string
}

variable "bucket" {
  description = "Bucket of the files, and the name by which CloudFront reaches it."
  type = object({
    name        = string
    domain_name = string
  })
}

variable "api_endpoint" {
  description = "URL of the HTTP API that answers at /v1."
  type        = string
}

variable "websocket_origin" {
  description = "Origin of the sockets that the page opens."
  type        = string
}

variable "files_origin" {
  description = "Origin of the files that people send each other."
  type        = string
}

variable "identity_origins" {
  description = "Origins that the page talks to when somebody signs in."
  type        = list(string)
}

variable "config" {
  description = "What the page finds in /config.json: where to sign in, and where the API is (empty: where the page is)."
  type = object({
    issuer     = string
    client_id  = string
    logout_url = string
    api_url    = string
    dev        = bool
  })
}

variable "domain" {
  description = "A name of your own for the dashboard, and its certificate; null: CloudFront's name."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null
}

variable "emulator" {
  description = "Leave out CloudFront, which the emulator forgets too much of."
  type        = bool
  default     = false
}
