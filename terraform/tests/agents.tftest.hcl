# The modules of the agents' side, each by itself.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  prefix          = "omni"
  account         = "123456789012"
  region          = "us-east-1"
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:omni-alarms"

  # Of the dashboard.
  folder           = "tests/fixtures/web"
  bucket           = { name = "omni-web", domain_name = "omni-web.s3.us-east-1.amazonaws.com" }
  api_endpoint     = "https://abc.execute-api.us-east-1.amazonaws.com"
  websocket_origin = "wss://def.execute-api.us-east-1.amazonaws.com"
  files_origin     = "https://omni-files.s3.us-east-1.amazonaws.com"
  identity_origins = ["https://login.example.com"]
  config           = { issuer = "https://login.example.com", client_id = "inbox", logout_url = null, api_url = "", dev = false }

  # Of the WebSocket API.
  name               = "omni-websocket"
  description        = "Sockets of omni"
  throttle           = { rate = 100, burst = 200 }
  log_retention_days = 30
  function           = { name = "omni-realtime", invoke_arn = "arn:aws:lambda:us-east-1:123456789012:function:omni-realtime", timeout_seconds = 10 }

  # Of the user pool.
  dashboard_url       = "https://inbox.example.com"
  require_mfa         = false
  deletion_protection = true
}

run "api" {
  module {
    source = "./modules/api"
  }

  variables {
    api      = { id = "api", target = "integrations/1" }
    identity = { issuer = "https://login.example.com", client_id = "inbox" }
  }

  assert {
    condition     = aws_apigatewayv2_route.agents.authorization_type == "JWT" && aws_apigatewayv2_route.agents.authorizer_id == aws_apigatewayv2_authorizer.agents.id
    error_message = "Nobody reaches the API without a token."
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.agents.jwt_configuration[0].issuer == "https://login.example.com" && aws_apigatewayv2_authorizer.agents.jwt_configuration[0].audience == toset(["inbox"])
    error_message = "Tokens are of this issuer, and for this client."
  }
}

run "websocket" {
  module {
    source = "./modules/websocket"
  }

  variables {
    access_log = true
  }

  assert {
    condition     = keys(aws_apigatewayv2_route.this) == ["$connect", "$default", "$disconnect"]
    error_message = "A socket is opened, used and closed."
  }

  assert {
    condition     = aws_apigatewayv2_route.this["$default"].route_response_selection_expression == "$default" && aws_apigatewayv2_route_response.default.route_id == aws_apigatewayv2_route.this["$default"].id
    error_message = "What the function returns to a message goes back through the socket."
  }

  assert {
    condition     = aws_apigatewayv2_stage.live.deployment_id == aws_apigatewayv2_deployment.this.id && length(aws_apigatewayv2_deployment.this.triggers.routes) == 40
    error_message = "The stage has a deployment, which follows the routes."
  }

  assert {
    condition     = jsondecode(aws_apigatewayv2_stage.live.access_log_settings[0].format).event == "$context.eventType" && !strcontains(lower(aws_apigatewayv2_stage.live.access_log_settings[0].format), "query")
    error_message = "Sockets are logged, without the query string that holds the ticket."
  }

  assert {
    condition     = output.url == "wss://mock.execute-api.us-east-1.amazonaws.com/live" && output.connections_url == "https://mock.execute-api.us-east-1.amazonaws.com/live" && output.origin == "wss://mock.execute-api.us-east-1.amazonaws.com"
    error_message = "Browsers open sockets, and the pusher posts to them."
  }

  assert {
    condition     = output.post_arn == "arn:aws:execute-api:us-east-1:123456789012:mock/live/POST/@connections/*"
    error_message = "Who may post to the sockets may do it with those of this stage, and nothing else."
  }
}

run "websocket_without_a_log" {
  command = plan

  module {
    source = "./modules/websocket"
  }

  variables {
    access_log = false
  }

  assert {
    condition     = length(aws_apigatewayv2_stage.live.access_log_settings) == 0 && length(aws_cloudwatch_log_group.access) == 0
    error_message = "AWS refuses a log where the account has no role for it."
  }
}

run "identity" {
  module {
    source = "./modules/identity"
  }

  assert {
    condition     = aws_cognito_user_pool.agents.admin_create_user_config[0].allow_admin_create_user_only && aws_cognito_user_pool.agents.deletion_protection == "ACTIVE"
    error_message = "Nobody signs up, and the people are protected."
  }

  assert {
    condition     = aws_cognito_user_pool.agents.password_policy[0].minimum_length >= 12 && aws_cognito_user_pool.agents.mfa_configuration == "OPTIONAL" && aws_cognito_user_pool.agents.software_token_mfa_configuration[0].enabled
    error_message = "Passwords are long, and a second factor is possible."
  }

  assert {
    condition     = strcontains(aws_cognito_user_pool.agents.admin_create_user_config[0].invite_message_template[0].email_message, "https://inbox.example.com/") && aws_cognito_user_group.admin.name == "admin"
    error_message = "An invitation says where, and administrators are a group."
  }

  assert {
    condition = (
      !aws_cognito_user_pool_client.dashboard.generate_secret && aws_cognito_user_pool_client.dashboard.allowed_oauth_flows == toset(["code"]) &&
      aws_cognito_user_pool_client.dashboard.allowed_oauth_scopes == toset(["openid", "email", "profile"]) &&
      aws_cognito_user_pool_client.dashboard.callback_urls == toset(["https://inbox.example.com/callback"]) &&
      aws_cognito_user_pool_client.dashboard.logout_urls == toset(["https://inbox.example.com/"])
    )
    error_message = "The page signs in with a code, has no secret, and people come back to it only."
  }

  assert {
    condition     = aws_cognito_user_pool_client.dashboard.refresh_token_rotation[0].feature == "ENABLED" && !contains(aws_cognito_user_pool_client.dashboard.explicit_auth_flows, "ALLOW_REFRESH_TOKEN_AUTH")
    error_message = "A refresh token works once; AWS refuses rotation together with ALLOW_REFRESH_TOKEN_AUTH."
  }

  assert {
    condition     = output.issuer == "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI" && output.origins == ["https://cognito-idp.us-east-1.amazonaws.com", "https://omni-123456789012.auth.us-east-1.amazoncognito.com"]
    error_message = "The issuer is the pool; the page talks to the pool's service and to the sign-in page."
  }

  assert {
    condition     = output.logout_url == "https://omni-123456789012.auth.us-east-1.amazoncognito.com/logout?client_id=${output.client_id}&logout_uri=https%3A%2F%2Finbox.example.com%2F"
    error_message = "Signing out ends the session at the sign-in page as well, and leads back."
  }
}

run "identity_with_a_second_factor" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    require_mfa         = true
    deletion_protection = false
  }

  assert {
    condition     = aws_cognito_user_pool.agents.mfa_configuration == "ON" && aws_cognito_user_pool.agents.deletion_protection == "INACTIVE"
    error_message = "Everybody needs a second factor, and the pool may go."
  }
}

run "identity_with_a_name_that_cognito_refuses" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    prefix = "jigsaws"
  }

  expect_failures = [aws_cognito_user_pool_domain.this]
}

run "web" {
  module {
    source = "./modules/web"
  }

  assert {
    condition     = keys(aws_s3_object.asset) == ["assets/index-0a1b2c3d.js", "assets/index-4e5f6a7b.css"] && keys(aws_s3_object.page) == ["icon.svg", "index.html"]
    error_message = "Everything that was built is uploaded, but for the laptop's own page."
  }

  assert {
    condition     = alltrue([for asset in aws_s3_object.asset : strcontains(asset.cache_control, "immutable")]) && alltrue([for page in aws_s3_object.page : page.cache_control == "no-cache"])
    error_message = "What has a hash in its name is kept for a year, everything else is asked for again."
  }

  assert {
    condition     = aws_s3_object.asset["assets/index-0a1b2c3d.js"].content_type == "text/javascript; charset=utf-8" && aws_s3_object.page["icon.svg"].content_type == "image/svg+xml"
    error_message = "Browsers are told what a file is, and may not guess."
  }

  assert {
    condition     = jsondecode(aws_s3_object.config.content) == { issuer = "https://login.example.com", client_id = "inbox", logout_url = null, api_url = "", dev = false } && aws_s3_object.config.cache_control == "no-store"
    error_message = "The page finds where to sign in."
  }

  assert {
    condition = [for behavior in aws_cloudfront_distribution.this["cdn"].ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id, behavior.viewer_protocol_policy, behavior.cache_policy_id]] == [
      ["/v1/*", "api", "https-only", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"],
      ["/widget/*", "files", "redirect-to-https", "658327ea-f89d-4fab-a63d-7e88639e58f6"],
    ]
    error_message = "The API is on the dashboard's origin, and never cached; what companies' pages load is."
  }

  assert {
    condition     = aws_cloudfront_distribution.this["cdn"].ordered_cache_behavior[0].origin_request_policy_id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    error_message = "The API gets all the headers but the host."
  }

  assert {
    condition     = one([for origin in aws_cloudfront_distribution.this["cdn"].origin : origin.domain_name if origin.origin_id == "api"]) == "abc.execute-api.us-east-1.amazonaws.com"
    error_message = "/v1 leads to the API."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this["cdn"].custom_error_response) == 0
    error_message = "An error of the API must not become the page."
  }

  assert {
    condition     = aws_cloudfront_distribution.this["cdn"].viewer_certificate[0].cloudfront_default_certificate && output.url == "https://mock.cloudfront.net"
    error_message = "Without a name of one's own it is CloudFront's."
  }
}

run "web_at_ones_own_name" {
  command = plan

  module {
    source = "./modules/web"
  }

  variables {
    domain = { name = "inbox.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-1111-2222-3333-444444444444" }
  }

  assert {
    condition     = aws_cloudfront_distribution.this["cdn"].aliases == toset(["inbox.example.com"]) && aws_cloudfront_distribution.this["cdn"].viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && output.url == "https://inbox.example.com"
    error_message = "The distribution answers to the name, over TLS 1.2 at least."
  }
}

run "web_that_was_not_built" {
  command = plan

  module {
    source = "./modules/web"
  }

  variables {
    folder = "tests/fixtures/build"
  }

  expect_failures = [aws_s3_object.config]
}
