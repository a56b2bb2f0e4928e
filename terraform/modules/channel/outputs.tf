output "secret_name" {
  description = "Name of the channel's secret."
  value       = aws_secretsmanager_secret.this.name
}

output "secret_arn" {
  description = "ARN of the channel's secret."
  value       = aws_secretsmanager_secret.this.arn
}

output "route_keys" {
  description = "Keys of the routes."
  value       = [for route in aws_apigatewayv2_route.webhook : route.route_key]
}

output "webhook_paths" {
  description = "Paths that the platform posts to; {account} stands for a credential account."
  value       = sort([for key in var.routes : trimprefix(key, "POST ") if startswith(key, "POST ")])
}
