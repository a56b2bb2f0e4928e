# The functions. Inside (VPC, database, no way out): webhook, processor, deadletter, sweeper, migrate. Those outside are in outside.tf, those of
# the agents' side in agents.tf.

locals {
  stack = {
    prefix             = var.prefix
    partition          = local.partition
    arn_suffix         = local.arn_suffix
    build_folder       = startswith(var.build_folder, "/") ? var.build_folder : "${path.root}/${var.build_folder}"
    code_bucket        = module.code.name
    log_retention_days = var.log_retention_days
    log_level          = var.log_level
    metric_namespace   = local.metric_namespace
    alarm_topic_arn    = module.alerts.topic_arn
  }

  inside = {
    subnet_ids        = module.network.function_subnet_ids
    security_group_id = module.network.security_group_ids["functions"]
  }

  # Instances of each function at a time.
  instances = merge(var.concurrency, {
    sender     = var.concurrency.sender * length(local.channels)
    deadletter = var.concurrency.deadletter * length(local.queues)
  })

  reserved = { for function, count in local.instances : function => var.reserve_concurrency ? count : null }

  # Every function connects as a user of its own, with a token of IAM instead of a password. migrate owns the schema.
  database_host  = "${module.database.endpoint}:${module.database.port}/${module.database.name}"
  database_tls   = var.database_ca_file == null ? "sslmode=require" : "sslmode=verify-full&sslrootcert=/var/task/rds-ca.pem"
  database_users = { for function in ["webhook", "processor", "deadletter", "sweeper", "api", "realtime", "visitor"] : function => "omni_${function}" }

  database_environment = {
    for function, user in local.database_users : function => {
      DATABASE_URL         = "postgres://${user}@${local.database_host}?${local.database_tls}"
      DATABASE_CREDENTIALS = "iam"
    }
  }

  database_permission = {
    for function, user in local.database_users : function => {
      actions   = ["rds-db:connect"]
      resources = ["arn:${local.partition}:rds-db:${local.arn_suffix}:dbuser:${module.database.resource_id}/${user}"]
    }
  }

  queue_environment = {
    MESSAGE_QUEUE_URL = module.queue["messages"].url
    BULK_QUEUE_URL    = module.queue["bulk"].url
  }

  # What the outside zone takes its work from. The channels' queues differ by nothing but the channel in their names.
  outside_queue_environment = {
    OUTBOUND_QUEUE_URL = "${trimsuffix(module.queue["messages"].url, "${var.prefix}-messages.fifo")}${var.prefix}-outbound-{channel}.fifo"
    MEDIA_QUEUE_URL    = module.queue["media"].url
    DELIVERY_QUEUE_URL = module.queue["deliveries"].url
  }

  timer_environment = { TIMER_QUEUE_URL = module.queue["timer"].url }

  # For those that record what became of answers, and what is to happen next.
  answers_environment = merge(local.outside_queue_environment, local.timer_environment, { UNKNOWN_SENDS = var.unknown_sends })

  jobs_environment    = { BLOBS = "s3:${module.jobs.name}" }
  secrets_environment = { CHANNEL_SECRETS = "secretsmanager:${local.channel_secret_prefix}" }

  send_jobs = { actions = ["sqs:SendMessage"], resources = [module.queue["messages"].arn, module.queue["bulk"].arn] }
  send_outside = {
    actions   = ["sqs:SendMessage"]
    resources = [for name in concat(["media", "deliveries"], keys(local.outbound_queues)) : module.queue[name].arn]
  }
  send_later  = { actions = ["sqs:SendMessage"], resources = [module.queue["timer"].arn] }
  write_jobs  = { actions = ["s3:PutObject"], resources = ["${module.jobs.arn}/jobs/*"] }
  read_jobs   = { actions = ["s3:GetObject"], resources = ["${module.jobs.arn}/jobs/*"] }
  search_jobs = { actions = ["s3:ListBucket"], resources = [module.jobs.arn] } # without it an absent job looks like a forbidden one

  # Whoever forgets people deletes their files, and takes them out of jobs in object storage.
  delete_files = { actions = ["s3:DeleteObject"], resources = ["${module.files.arn}/files/*"] }

  # Without what is not set.
  retention = merge(
    { for kind, days in var.retention : kind => days if kind != "channels" && days != null },
    { channels = { for channel, periods in var.retention.channels : channel => { for kind, days in periods : kind => days if days != null } } },
  )

  # Receipts and history get a quarter of the processor: they outnumber messages and can wait.
  bulk_concurrency = max(2, floor(var.concurrency.processor / 4))
}

module "webhook" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "webhook"
  description          = "Verifies, stores and queues what the platforms send"
  memory_mb            = 512
  timeout_seconds      = local.timeouts["webhook"]
  reserved_concurrency = local.reserved["webhook"]
  vpc                  = local.inside

  environment = merge(local.database_environment["webhook"], local.queue_environment, local.jobs_environment, local.secrets_environment)

  permissions = {
    database   = local.database_permission["webhook"]
    send-jobs  = local.send_jobs
    write-jobs = local.write_jobs
  }

  depends_on = [aws_lambda_invocation.migrate]
}

module "processor" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "processor"
  description          = "Turns stored events into conversations"
  memory_mb            = 512
  timeout_seconds      = local.timeouts["processor"]
  reserved_concurrency = local.reserved["processor"]
  vpc                  = local.inside

  environment = merge(
    local.database_environment["processor"], local.queue_environment, local.answers_environment, local.push_environment, local.jobs_environment,
    local.files_environment,
  )

  permissions = {
    database     = local.database_permission["processor"]
    send-jobs    = local.send_jobs
    send-outside = local.send_outside
    send-later   = local.send_later
    push         = local.push
    read-jobs    = local.read_jobs
    write-jobs   = local.write_jobs
    search-jobs  = local.search_jobs
    delete-files = local.delete_files
  }

  consumes = {
    messages = {
      arn                = module.queue["messages"].arn
      visibility_seconds = module.queue["messages"].visibility_seconds
      concurrency        = var.concurrency.processor - local.bulk_concurrency
    }
    bulk = {
      arn                = module.queue["bulk"].arn
      visibility_seconds = module.queue["bulk"].visibility_seconds
      concurrency        = local.bulk_concurrency
    }
  }

  depends_on = [aws_lambda_invocation.migrate]
}

module "deadletter" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "deadletter"
  description          = "Sends dead jobs on their way again, or keeps them with their reason"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["deadletter"]
  reserved_concurrency = local.reserved["deadletter"]
  vpc                  = local.inside

  environment = merge(local.database_environment["deadletter"], local.queue_environment, local.answers_environment, local.jobs_environment)

  permissions = {
    database     = local.database_permission["deadletter"]
    send-jobs    = local.send_jobs
    send-outside = local.send_outside
    send-later   = local.send_later
    read-jobs    = local.read_jobs
    write-jobs   = local.write_jobs
    search-jobs  = local.search_jobs
  }

  consumes = {
    for name, queue in module.queue : "${name}-dead" => {
      arn                = queue.dead_arn
      visibility_seconds = queue.dead_visibility_seconds
      concurrency        = var.concurrency.deadletter
    }
  }

  depends_on = [aws_lambda_invocation.migrate]
}

module "sweeper" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "sweeper"
  description          = "Looks after the tables once a day"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["sweeper"]
  reserved_concurrency = local.reserved["sweeper"]
  vpc                  = local.inside

  environment = merge(local.database_environment["sweeper"], local.queue_environment, local.answers_environment, local.push_environment, {
    RETENTION_DAYS = tostring(var.retention_days)
    RETENTION      = jsonencode(local.retention)
  }, local.jobs_environment, local.files_environment)

  permissions = {
    database     = local.database_permission["sweeper"]
    send-jobs    = local.send_jobs
    send-outside = local.send_outside
    send-later   = local.send_later
    push         = local.push
    read-jobs    = local.read_jobs
    write-jobs   = local.write_jobs
    search-jobs  = local.search_jobs
    delete-files = local.delete_files
  }

  # Lambda tries three times within minutes; the first try may find a database that is still waking up.
  error_alarm = { count = 3, period = 900 }

  depends_on = [aws_lambda_invocation.migrate]
}

# Once a day: while there is traffic the processor finds by itself what is overdue, and the rest of the time the database may sleep.
module "sweeper_schedule" {
  source = "./modules/schedule"

  name         = module.sweeper.name
  account      = local.account
  function_arn = module.sweeper.arn
  expression   = "cron(0 3 * * ? *)"
}

module "migrate" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "migrate"
  description          = "Brings the schema up to date"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["migrate"]
  reserved_concurrency = local.reserved["migrate"]
  vpc                  = local.inside

  environment = {
    DATABASE_URL         = "postgres://${module.database.owner}@${local.database_host}?${local.database_tls}"
    DATABASE_CREDENTIALS = "secret:${module.database.owner_secret_arn}"
  }

  permissions = {
    owner-secret = { actions = ["secretsmanager:GetSecretValue"], resources = [module.database.owner_secret_arn] }
  }
}

# Every new version of the code migrates the schema before the functions that need it are updated. A migration that fails ends the apply,
# and the next apply tries it again.
resource "aws_lambda_invocation" "migrate" {
  function_name = module.migrate.name
  input         = jsonencode({})
  triggers      = { code = module.migrate.code_hash }

  depends_on = [module.migrate, module.database, module.network]
}
