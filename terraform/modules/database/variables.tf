variable "prefix" {
  description = "Name of the cluster, and what every other name begins with."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones, as RDS demands."
  type        = list(string)
}

variable "zone_names" {
  description = "Zones of the instances, one instance each: the first takes the writes, a second takes over when it fails."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the instances."
  type        = string
}

variable "capacity" {
  description = "Aurora capacity units: min, max, and after how many idle seconds the database pauses (only with a minimum of 0)."
  type = object({
    min           = number
    max           = number
    pause_seconds = number
  })
}

variable "engine_version" {
  description = "Major version of PostgreSQL. Minor versions are AWS's to raise, in the maintenance window."
  type        = string
}

variable "backup_days" {
  description = "For how many days every moment can be restored."
  type        = number
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the cluster."
  type        = bool
}

variable "final_snapshot" {
  description = "Whether a snapshot is taken before the cluster is deleted."
  type        = bool
}

variable "log_retention_days" {
  description = "How long PostgreSQL's log is kept."
  type        = number
}

variable "most_connections" {
  description = "Connections above which an alarm is raised."
  type        = number
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms."
  type        = string
}

variable "emulator" {
  description = "Leave out what the emulator forgets: Performance Insights."
  type        = bool
  default     = false
}
