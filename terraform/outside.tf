# The functions of the outside zone: no VPC, so they reach the internet, and nothing of the database. What they find out goes to the queue of
# messages, and is recorded by the processor.

locals {
  report_environment = { MESSAGE_QUEUE_URL = module.queue["messages"].url }
  files_environment  = { FILES = "s3:${module.files.name}/files" }

  report       = { actions = ["sqs:SendMessage"], resources = [module.queue["messages"].arn] }
  write_files  = { actions = ["s3:PutObject"], resources = ["${module.files.arn}/files/*"] }
  read_files   = { actions = ["s3:GetObject"], resources = ["${module.files.arn}/files/*"] } # links carry the same permission
  search_files = { actions = ["s3:ListBucket"], resources = [module.files.arn] }             # without it an expired file looks like a forbidden one
  read_secrets = { actions = ["secretsmanager:GetSecretValue"], resources = [for channel in module.channel : channel.secret_arn] }
}

module "sender" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "sender"
  description          = "Sends answers to the platforms"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["sender"]
  reserved_concurrency = local.reserved["sender"]

  # SENDERS: among how many instances a platform's rate limit is divided.
  environment = merge(local.report_environment, local.files_environment, local.secrets_environment, {
    SENDERS = tostring(var.concurrency.sender)
  })

  permissions = {
    channel-secrets = local.read_secrets
    report          = local.report
    read-files      = local.read_files
    search-files    = local.search_files
  }

  # One answer at a time: the next may have to wait for as long as the platform says, and one that was interrupted takes no other with it.
  consumes = {
    for name in keys(local.outbound_queues) : name => {
      arn                = module.queue[name].arn
      visibility_seconds = module.queue[name].visibility_seconds
      concurrency        = var.concurrency.sender
      batch_size         = 1
      comes_back_soon    = true
    }
  }
}

module "media" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "media"
  description          = "Copies files of messages from the platforms"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["media"]
  reserved_concurrency = local.reserved["media"]

  environment = merge(local.report_environment, local.files_environment, local.secrets_environment)

  permissions = {
    channel-secrets = local.read_secrets
    report          = local.report
    write-files     = local.write_files
    read-uploads    = { actions = ["s3:GetObject"], resources = ["${module.files.arn}/files/uploaded/*"] } # of visitors
    search-files    = local.search_files
  }

  consumes = {
    media = {
      arn                = module.queue["media"].arn
      visibility_seconds = module.queue["media"].visibility_seconds
      concurrency        = var.concurrency.media
      batch_size         = 1
    }
  }
}

# It has no secrets: the processor signs what it posts.
module "deliverer" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "deliverer"
  description          = "Posts events to the company's own endpoints"
  memory_mb            = 256
  timeout_seconds      = local.timeouts["deliverer"]
  reserved_concurrency = local.reserved["deliverer"]

  environment = local.report_environment
  permissions = { report = local.report }

  consumes = {
    deliveries = {
      arn                = module.queue["deliveries"].arn
      visibility_seconds = module.queue["deliveries"].visibility_seconds
      concurrency        = var.concurrency.deliverer
    }
  }
}

module "timer" {
  source = "./modules/function"

  stack                = local.stack
  name                 = "timer"
  description          = "Sends on what has waited long enough"
  memory_mb            = 128
  timeout_seconds      = local.timeouts["timer"]
  reserved_concurrency = local.reserved["timer"]

  environment = merge(local.queue_environment, local.outside_queue_environment, local.timer_environment)

  permissions = {
    send-jobs    = local.send_jobs
    send-outside = local.send_outside
    send-later   = local.send_later
  }

  consumes = {
    timer = {
      arn                = module.queue["timer"].arn
      visibility_seconds = module.queue["timer"].visibility_seconds
      concurrency        = var.concurrency.timer
    }
  }
}
