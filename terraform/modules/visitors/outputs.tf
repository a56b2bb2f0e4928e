output "route_keys" {
  description = "Keys of the routes."
  value       = [for route in aws_apigatewayv2_route.visitors : route.route_key]
}
