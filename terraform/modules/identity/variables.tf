variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "region" {
  description = "Region of the user pool."
  type        = string
}

variable "account" {
  description = "Id of the account, which makes the sign-in page's domain unique."
  type        = string
}

variable "dashboard_url" {
  description = "Origin of the dashboard, without a slash at its end: people come back to it from the sign-in page."
  type        = string
}

variable "require_mfa" {
  description = "Whether everybody has to have a second factor, an app that makes codes."
  type        = bool
}

variable "invitation_days" {
  description = "For how many days an invitation's password works."
  type        = number
  default     = 7
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the pool with its people."
  type        = bool
}

variable "emulator" {
  description = "Leave out what the emulator forgets: the pool's tier."
  type        = bool
  default     = false
}
