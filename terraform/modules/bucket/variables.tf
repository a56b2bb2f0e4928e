variable "name" {
  description = "Name of the bucket; bucket names are unique in all of AWS."
  type        = string
}

variable "force_destroy" {
  description = "Whether a bucket that still holds objects is deleted, with them."
  type        = bool
}

variable "expire_days" {
  description = "After how many days objects are deleted, by key prefix."
  type        = map(number)
  default     = {}
}

variable "emulator" {
  description = "Leave out the bucket's policy: the emulator speaks no TLS and obeys it."
  type        = bool
  default     = false
}
