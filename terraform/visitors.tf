# The visitors' side: the pages of channels whose platform is this product. What they write comes as webhooks, on the same API; what they ask is answered by
# visitor, inside. The script that a company's page loads is among the dashboard's files, under /widget.

locals {
  hosted = toset([for name, channel in local.channels : name if channel.hosted])

  # Browsers of any company's page put files to links that the function signs: a link is what lets them. Without visitors only the dashboard does.
  upload_origins = length(local.hosted) > 0 ? ["*"] : [module.web.url]

  # A file is copied when the message that names it comes. What no message named goes.
  upload_days = { for days in length(local.hosted) > 0 ? [7] : [] : "files/uploaded/" => days }

  # What a flood of pages may take, away from the platforms' webhooks.
  visitor_routes = concat(module.visitors.route_keys, flatten([for name in local.hosted : module.channel[name].route_keys]))
}

module "visitors" {
  source = "./modules/visitors"

  api      = { id = module.gateway.api_id, execution_arn = module.gateway.execution_arn }
  channels = local.hosted

  function = {
    name            = module.visitor.name
    invoke_arn      = module.visitor.invoke_arn
    timeout_seconds = local.timeouts["visitor"]
  }
}

module "visitor" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "visitor"
  description          = "What the pages of visitors ask for"
  memory_mb            = 512
  timeout_seconds      = local.timeouts["visitor"]
  reserved_concurrency = local.reserved["visitor"]
  vpc                  = local.inside

  environment = merge(
    local.database_environment["visitor"], local.push_environment, local.files_environment, local.secrets_environment,
    { WEBSOCKET_URL = module.websocket.url },
  )

  # The links to files that it signs carry its own permissions. It opens none itself.
  permissions = {
    database     = local.database_permission["visitor"]
    push         = local.push
    read-files   = { actions = ["s3:GetObject"], resources = [for folder in ["incoming", "outgoing"] : "${module.files.arn}/files/${folder}/*"] }
    upload-files = { actions = ["s3:PutObject"], resources = ["${module.files.arn}/files/uploaded/*"] }
  }

  depends_on = [aws_lambda_invocation.migrate]
}

# The secrets of those channels alone. It stands here and not with the function's other permissions, because the channels come after the function.
resource "aws_iam_role_policy" "hosted_secrets" {
  for_each = local.hosted

  name = "${each.key}-secret"
  role = module.visitor.role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [module.channel[each.key].secret_arn]
    }]
  })
}
