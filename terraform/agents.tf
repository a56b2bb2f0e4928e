# The agents' side: who may sign in, the API, the sockets, and the dashboard that uses them. Inside: api and realtime. Outside: pusher, because a
# VPC endpoint does not lead to open sockets.

locals {
  # Somebody else's provider, or a user pool of the stack's own.
  own_identity = toset(var.identity == null ? ["cognito"] : [])

  identity = var.identity == null ? {
    issuer     = module.identity["cognito"].issuer
    client_id  = module.identity["cognito"].client_id
    logout_url = module.identity["cognito"].logout_url
    } : {
    issuer     = var.identity.issuer
    client_id  = var.identity.client_id
    logout_url = var.identity.logout_url
  }

  # Apart from the rest, which waits for the dashboard's address, because the dashboard waits for these.
  identity_origins = (var.identity == null
    ? module.identity["cognito"].origins
    : distinct(concat(regexall("^https://[^/]+", var.identity.issuer), var.identity.origins))
  )

  # Where browsers fetch and leave files, by links that the API signs.
  files_origin = "https://${module.files.domain_name}"

  push_environment = { PUSH_QUEUE_URL = module.queue["pushes"].url }
  push             = { actions = ["sqs:SendMessage"], resources = [module.queue["pushes"].arn] }
}

module "identity" {
  source   = "./modules/identity"
  for_each = local.own_identity

  prefix              = var.prefix
  region              = var.region
  account             = local.account
  dashboard_url       = module.web.url
  require_mfa         = var.require_mfa
  deletion_protection = var.database.deletion_protection
  emulator            = var.emulator
}

module "agents_gateway" {
  source = "./modules/gateway"

  name               = "${var.prefix}-agents"
  description        = "API of the agents of ${var.prefix}"
  path               = "/v1/*"
  throttle           = var.agents_throttle
  log_retention_days = var.log_retention_days
  alarm_topic_arn    = module.alerts.topic_arn

  # While a sleeping database wakes, dashboards are told to come again: a few such answers are normal, many are not.
  failures = { count = 20, meaning = "Dashboards try again." }
  latency  = { milliseconds = 3000, meaning = "Agents wait for their pages." }

  function = {
    name            = module.api.name
    invoke_arn      = module.api.invoke_arn
    timeout_seconds = local.timeouts["api"]
  }
}

module "agents_routes" {
  source = "./modules/api"

  identity = { issuer = local.identity.issuer, client_id = local.identity.client_id }

  api = {
    id     = module.agents_gateway.api_id
    target = module.agents_gateway.target
  }
}

module "websocket" {
  source = "./modules/websocket"

  name               = "${var.prefix}-websocket"
  description        = "Sockets of the dashboards of ${var.prefix}"
  throttle           = var.agents_throttle
  access_log         = var.websocket_access_log
  log_retention_days = var.log_retention_days
  alarm_topic_arn    = module.alerts.topic_arn

  function = {
    name            = module.realtime.name
    invoke_arn      = module.realtime.invoke_arn
    timeout_seconds = local.timeouts["realtime"]
  }
}

# The dashboard's files. They can be had again from any build.
module "web_bucket" {
  source = "./modules/bucket"

  name              = "${var.prefix}-web-${local.account}-${var.region}"
  region            = var.region
  force_destroy     = true
  distribution_arns = module.web.distribution_arns
  emulator          = var.emulator
}

module "web" {
  source = "./modules/web"

  prefix           = var.prefix
  folder           = startswith(var.web_folder, "/") ? var.web_folder : "${path.root}/${var.web_folder}"
  bucket           = { name = module.web_bucket.name, domain_name = module.web_bucket.domain_name }
  api_endpoint     = module.agents_gateway.endpoint
  websocket_origin = module.websocket.origin
  files_origin     = local.files_origin
  identity_origins = local.identity_origins
  domain           = var.dashboard_domain
  emulator         = var.emulator

  config = {
    issuer     = local.identity.issuer
    client_id  = local.identity.client_id
    logout_url = local.identity.logout_url
    api_url    = ""
    dev        = false
  }
}

module "api" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "api"
  description          = "What the agents' dashboard asks for and does"
  memory_mb            = 512
  timeout_seconds      = local.timeouts["api"]
  reserved_concurrency = local.reserved["api"]
  vpc                  = local.inside

  environment = merge(
    local.database_environment["api"], local.queue_environment, local.answers_environment, local.push_environment, local.files_environment,
    { WEBSOCKET_URL = module.websocket.url },
  )

  # The links to files that it signs carry its own permissions. It looks itself only whether an upload is there.
  permissions = {
    database     = local.database_permission["api"]
    send-jobs    = local.send_jobs
    send-outside = local.send_outside
    send-later   = local.send_later
    push         = local.push
    search-files = local.search_files
    read-files   = { actions = ["s3:GetObject"], resources = [for folder in ["incoming", "outgoing"] : "${module.files.arn}/files/${folder}/*"] }
    upload-files = { actions = ["s3:PutObject"], resources = ["${module.files.arn}/files/outgoing/*"] }
  }

  depends_on = [aws_lambda_invocation.migrate]
}

module "realtime" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "realtime"
  description          = "Opens and closes the dashboards' sockets"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["realtime"]
  reserved_concurrency = local.reserved["realtime"]
  vpc                  = local.inside

  environment = local.database_environment["realtime"]
  permissions = { database = local.database_permission["realtime"] }

  depends_on = [aws_lambda_invocation.migrate]
}

module "pusher" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "pusher"
  description          = "Tells open dashboards that something changed"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["pusher"]
  reserved_concurrency = local.reserved["pusher"]

  environment = merge(local.report_environment, { CONNECTIONS_URL = module.websocket.connections_url })

  permissions = {
    report = local.report # sockets that are gone
    post   = { actions = ["execute-api:ManageConnections"], resources = [module.websocket.post_arn] }
  }

  consumes = {
    pushes = {
      arn                = module.queue["pushes"].arn
      visibility_seconds = module.queue["pushes"].visibility_seconds
      concurrency        = var.concurrency.pusher
    }
  }
}
