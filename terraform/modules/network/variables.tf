variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "region" {
  description = "Region, part of the endpoints' names."
  type        = string
}

variable "account" {
  description = "Id of the account: the only one whose principals may use the endpoints."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC, a private block of /16 to /24. A quarter of it goes to each of the four subnets."
  type        = string
}

variable "zones" {
  description = "In how many availability zones functions and endpoints are: 1 or 2. The database's subnet group spans two in any case, as RDS demands."
  type        = number

  validation {
    condition     = contains([1, 2], var.zones)
    error_message = "zones is 1 or 2."
  }
}

variable "endpoint_resources" {
  description = "ARNs (patterns) that can be reached through the endpoints, by service: sqs, secretsmanager, s3."
  type = object({
    sqs            = list(string)
    secretsmanager = list(string)
    s3             = list(string)
  })
}

variable "emulator" {
  description = "Leave out what the emulator forgets: the descriptions of the security groups' rules."
  type        = bool
  default     = false
}
