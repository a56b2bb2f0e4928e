variable "name" {
  description = "Name of the bucket; bucket names are unique in all of AWS."
  type        = string
}

variable "region" {
  description = "Region of the bucket, part of its domain name."
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

variable "distribution_arns" {
  description = "CloudFront distributions that read the objects; null: none does."
  type        = list(string)
  default     = null
}

variable "upload_origins" {
  description = "Origins of pages that may send objects to signed links; null: none may."
  type        = list(string)
  default     = null
}

variable "emulator" {
  description = "Leave out the bucket's policy: the emulator speaks no TLS and obeys it."
  type        = bool
  default     = false
}
