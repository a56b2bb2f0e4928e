output "route_key" {
  description = "Key of the route."
  value       = aws_apigatewayv2_route.agents.route_key
}
