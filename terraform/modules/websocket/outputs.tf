locals {
  # The API's own address has its protocol in front; so has what is made of it here.
  host = replace(aws_apigatewayv2_api.this.api_endpoint, "/^[a-z]+:\\/\\//", "")
}

output "api_id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

output "origin" {
  description = "Origin of the sockets, as a Content-Security-Policy names it."
  value       = "wss://${local.host}"
}

output "url" {
  description = "URL that sockets are opened at."
  value       = "wss://${local.host}/${aws_apigatewayv2_stage.live.name}"
}

output "connections_url" {
  description = "URL whose /@connections/{id} is an open socket."
  value       = "https://${local.host}/${aws_apigatewayv2_stage.live.name}"
}

output "post_arn" {
  description = "ARN of posting to any of the sockets, for a policy."
  value       = "${aws_apigatewayv2_api.this.execution_arn}/${local.stage}/POST/@connections/*"
}
