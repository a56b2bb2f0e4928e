output "endpoint" {
  description = "Host of the instance that takes writes."
  value       = aws_rds_cluster.this.endpoint
}

output "port" {
  description = "Port of PostgreSQL."
  value       = 5432
}

output "name" {
  description = "Name of the database."
  value       = aws_rds_cluster.this.database_name
}

output "cluster_name" {
  description = "Name of the cluster."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "resource_id" {
  description = "What IAM calls the cluster in ARNs of database users."
  value       = aws_rds_cluster.this.cluster_resource_id
}

output "owner" {
  description = "User who owns the schema."
  value       = aws_rds_cluster.this.master_username
}

output "owner_secret_arn" {
  description = "Secret that holds the owner's password; RDS made it and changes it every week."
  value       = aws_rds_cluster.this.master_user_secret[0].secret_arn
}

output "instances" {
  description = "The instances: depend on them before the database is used."
  value       = [for instance in aws_rds_cluster_instance.this : instance.id]
}
