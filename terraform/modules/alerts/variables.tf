variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "partition" {
  description = "Partition of ARNs."
  type        = string
}

variable "account" {
  description = "Id of the account: only its alarms may be published."
  type        = string
}

variable "email" {
  description = "Address that gets the alarms, after it confirmed AWS's mail; null: nobody yet."
  type        = string
  default     = null
}
