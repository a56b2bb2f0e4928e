output "function_subnet_ids" {
  description = "Subnets of the functions, one for each zone."
  value       = [for subnet in aws_subnet.functions : subnet.id]
}

output "database_subnet_ids" {
  description = "Subnets of the database, always two."
  value       = [for subnet in aws_subnet.database : subnet.id]
}

output "zone_names" {
  description = "Availability zones of the functions; the database's instances go there too."
  value       = local.function_zones
}

output "security_group_ids" {
  description = "Security groups by what they are for: functions, database, endpoints."
  value       = { for name, group in aws_security_group.this : name => group.id }
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "ready" {
  description = "Known when a function in the VPC can reach what it is allowed to: depend on it before one is invoked."
  value = sort(concat(
    [for endpoint in aws_vpc_endpoint.interface : endpoint.id],
    [for rule in aws_vpc_security_group_egress_rule.functions : rule.id],
    [for rule in aws_vpc_security_group_ingress_rule.functions : rule.id],
  ))
}
