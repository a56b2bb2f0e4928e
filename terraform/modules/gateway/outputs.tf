output "api_id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

output "execution_arn" {
  description = "What the ARNs of requests to the API begin with."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "endpoint" {
  description = "URL that the routes' paths follow."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "target" {
  description = "What a route points at to reach the function."
  value       = "integrations/${aws_apigatewayv2_integration.function.id}"
}

output "log_group_name" {
  description = "Name of the access log's group."
  value       = aws_cloudwatch_log_group.access.name
}
