# What visitors' pages ask. Their browsers post messages to the webhooks of the same API, so that a page needs one address.

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = var.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.function.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = (var.function.timeout_seconds + 1) * 1000
}

resource "aws_lambda_permission" "api" {
  statement_id  = "visitors"
  action        = "lambda:InvokeFunction"
  function_name = var.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.api.execution_arn}/*/*/visitors/*"
}

# Public on purpose: visitors have no credentials of ours. The function looks at the page's origin and at the visitor's token before it does anything else.
resource "aws_apigatewayv2_route" "visitors" {
  for_each = var.channels

  api_id             = var.api.id
  route_key          = "ANY /visitors/${each.key}/{account}/{proxy+}"
  target             = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type = "NONE"
}
