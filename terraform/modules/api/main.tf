# The agents' routes. The gateway verifies the ID token of every request before the function sees it: signature, issuer, audience and time.

resource "aws_apigatewayv2_authorizer" "agents" {
  api_id           = var.api.id
  name             = "agents"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.identity.issuer
    audience = [var.identity.client_id]
  }
}

# One route for all: the function knows its paths, and refuses what is none of them.
resource "aws_apigatewayv2_route" "agents" {
  api_id             = var.api.id
  route_key          = "ANY /v1/{proxy+}"
  target             = var.api.target
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.agents.id
}
