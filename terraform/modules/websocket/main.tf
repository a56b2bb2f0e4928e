# The WebSocket API through which dashboards hear that something changed. One function answers all three routes.

locals {
  stage  = "live"
  routes = toset(["$connect", "$disconnect", "$default"])
}

resource "aws_apigatewayv2_api" "this" {
  name                       = var.name
  description                = var.description
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.type"
}

resource "aws_apigatewayv2_integration" "function" {
  api_id               = aws_apigatewayv2_api.this.id
  integration_type     = "AWS_PROXY"
  integration_method   = "POST"
  integration_uri      = var.function.invoke_arn
  timeout_milliseconds = (var.function.timeout_seconds + 1) * 1000
}

# Public to the gateway: a browser cannot send a token when it opens a socket. The function lets in who shows a ticket, which the API gave to a
# signed-in agent, works once and for 30 seconds. The other two routes are of sockets that are open.
resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type = "NONE"

  # What the function returns goes back through the socket; the other two have nothing to say.
  route_response_selection_expression = each.key == "$default" ? "$default" : null
}

resource "aws_apigatewayv2_route_response" "default" {
  api_id             = aws_apigatewayv2_api.this.id
  route_id           = aws_apigatewayv2_route.this["$default"].id
  route_response_key = "$default"
}

# A WebSocket API changes for clients only when it is deployed. The triggers hold everything of which a change has to be.
resource "aws_apigatewayv2_deployment" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  description = "Routes of ${var.name}"

  triggers = {
    routes = sha1(jsonencode([
      aws_apigatewayv2_api.this.route_selection_expression,
      [for key in sort(local.routes) : [
        aws_apigatewayv2_route.this[key].id,
        aws_apigatewayv2_route.this[key].target,
        aws_apigatewayv2_route.this[key].authorization_type,
        aws_apigatewayv2_route.this[key].route_response_selection_expression,
      ]],
      aws_apigatewayv2_integration.function.integration_uri,
      aws_apigatewayv2_integration.function.timeout_milliseconds,
      aws_apigatewayv2_route_response.default.id,
    ]))
  }

  lifecycle {
    create_before_destroy = true # the stage stands on it
  }
}

resource "aws_lambda_permission" "api" {
  statement_id  = "websocket"
  action        = "lambda:InvokeFunction"
  function_name = var.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/${local.stage}/*"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id        = aws_apigatewayv2_api.this.id
  name          = local.stage
  deployment_id = aws_apigatewayv2_deployment.this.id

  default_route_settings {
    throttling_rate_limit  = var.throttle.rate
    throttling_burst_limit = var.throttle.burst
  }

  dynamic "access_log_settings" {
    for_each = aws_cloudwatch_log_group.access

    content {
      destination_arn = access_log_settings.value.arn

      # No query string: it holds the ticket.
      format = jsonencode({
        requestId         = "$context.requestId"
        time              = "$context.requestTime"
        ip                = "$context.identity.sourceIp"
        userAgent         = "$context.identity.userAgent"
        event             = "$context.eventType"
        routeKey          = "$context.routeKey"
        connectionId      = "$context.connectionId"
        status            = "$context.status"
        integrationStatus = "$context.integration.integrationStatus"
        error             = "$context.integrationErrorMessage"
        reason            = "$context.disconnectReason"
      })
    }
  }

  # A socket must not be opened before the function may be invoked.
  depends_on = [aws_lambda_permission.api]
}

resource "aws_cloudwatch_log_group" "access" {
  for_each = toset(var.access_log ? ["access"] : [])

  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
}
