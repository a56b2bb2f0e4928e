# What the functions stand on: names, network, storage, database, queues. The functions are in functions.tf and
# outside.tf, the webhooks in channels.tf, the agents' side in agents.tf.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  arn_suffix = "${var.region}:${local.account}"

  sqs_arn_prefix        = "arn:${local.partition}:sqs:${local.arn_suffix}"
  channel_secret_prefix = "${var.prefix}/channels/"

  # Where internal/metrics writes to. With one of its own, a stack's counts do not add up with another's.
  metric_namespace = var.prefix
}

module "alerts" {
  source = "./modules/alerts"

  prefix    = var.prefix
  partition = local.partition
  account   = local.account
  email     = var.alarm_email
}

module "network" {
  source = "./modules/network"

  prefix   = var.prefix
  region   = var.region
  account  = local.account
  cidr     = var.vpc_cidr
  zones    = var.zones
  emulator = var.emulator

  endpoint_resources = {
    sqs = ["${local.sqs_arn_prefix}:${var.prefix}-*"]
    secretsmanager = [
      "arn:${local.partition}:secretsmanager:${local.arn_suffix}:secret:${local.channel_secret_prefix}*",
      module.database.owner_secret_arn,
    ]
    s3 = [module.jobs.arn, "${module.jobs.arn}/*", module.files.arn, "${module.files.arn}/files/*"]
  }
}

# The functions' code.
module "code" {
  source = "./modules/bucket"

  name          = "${var.prefix}-code-${local.account}-${var.region}"
  region        = var.region
  force_destroy = true
  emulator      = var.emulator
}

# Jobs above the limit of SQS. One may stay in its queue for 14 days, and for as long again in the dead letter queue.
module "jobs" {
  source = "./modules/bucket"

  name          = "${var.prefix}-jobs-${local.account}-${var.region}"
  region        = var.region
  force_destroy = !var.database.deletion_protection
  expire_days   = { "jobs/" = 30 }
  emulator      = var.emulator
}

# What customers and agents send each other beside text. Private: the platforms and the agents' browsers read with links that end, and browsers
# send files to such links.
module "files" {
  source = "./modules/bucket"

  name          = "${var.prefix}-files-${local.account}-${var.region}"
  region        = var.region
  force_destroy = !var.database.deletion_protection
  expire_days   = merge(local.upload_days, { for days in var.files_retention_days[*] : "files/" => days })
  emulator      = var.emulator

  upload_origins = local.upload_origins
}

module "database" {
  source = "./modules/database"

  prefix              = var.prefix
  subnet_ids          = module.network.database_subnet_ids
  zone_names          = module.network.zone_names
  security_group_id   = module.network.security_group_ids["database"]
  engine_version      = var.database.engine_version
  backup_days         = var.database.backup_days
  deletion_protection = var.database.deletion_protection
  final_snapshot      = var.database.final_snapshot
  log_retention_days  = var.log_retention_days
  most_connections    = local.bearable_connections
  alarm_topic_arn     = module.alerts.topic_arn
  emulator            = var.emulator

  capacity = {
    min           = var.database.min_capacity
    max           = var.database.max_capacity
    pause_seconds = var.database.pause_after_seconds
  }
}

locals {
  # Seconds that one invocation may take. The queues' visibility timeouts follow from it.
  timeouts = {
    webhook    = 10
    processor  = 60
    deadletter = 60
    sweeper    = 300
    migrate    = 900
    timer      = 10
    sender     = 150 # a file is uploaded before its message is sent
    media      = 150
    deliverer  = 60
    api        = 29 # API Gateway waits no longer than 30
    realtime   = 10
    pusher     = 20
    visitor    = 29 # API Gateway waits no longer than 30
  }

  # Seconds for which a received message is hidden. While Lambda has no free instance it invokes again and again, and nobody else must get the
  # message meanwhile: that is what six times the timeout is for.
  #
  # An answer is sent when it is received for the first time. If it comes again, that attempt was interrupted, and its conversation waits until
  # somebody says so: it comes soon. One that comes while the first attempt still goes on does no harm: that attempt's result counts.
  visibility = merge({ for function, seconds in local.timeouts : function => 6 * seconds }, { sender = local.timeouts["sender"] + 30 })

  # How often a message is received before it dies; others 200 times: hours of trying, at most a minute apart, see docs/reliability.md. A file
  # that kills who fetches it is wanted again by its row in the database. A push is only a hint.
  max_receives = { sender = 10, media = 5, pusher = 3 }

  shared_queues = {
    messages   = { fifo = true, consumer = "processor", oldest_seconds = 300 }
    bulk       = { fifo = true, consumer = "processor", oldest_seconds = 900 }
    timer      = { fifo = false, consumer = "timer", oldest_seconds = 1800 } # messages wait here for up to 900 s at a time
    media      = { fifo = false, consumer = "media", oldest_seconds = 1800 }
    deliveries = { fifo = false, consumer = "deliverer", oldest_seconds = 900 }
    pushes     = { fifo = false, consumer = "pusher", oldest_seconds = 300 }
  }

  # One for each channel: a platform that is slow or throttles delays no other.
  outbound_queues = { for channel in keys(local.channels) : "outbound-${channel}" => { fifo = true, consumer = "sender", oldest_seconds = 300 } }

  queues = merge(local.shared_queues, local.outbound_queues)
}

module "queue" {
  source   = "./modules/queue"
  for_each = local.queues

  name                    = "${var.prefix}-${each.key}"
  arn_prefix              = local.sqs_arn_prefix
  fifo                    = each.value.fifo
  visibility_seconds      = local.visibility[each.value.consumer]
  dead_visibility_seconds = local.visibility["deadletter"]
  max_receives            = lookup(local.max_receives, each.value.consumer, 200)
  oldest_seconds          = each.value.oldest_seconds
  alarm_topic_arn         = module.alerts.topic_arn
}

locals {
  # max_connections follows the largest capacity: 189 for each ACU, less than AWS gives, and not above 2000 if the smallest is below 1.
  max_connections = min(floor(189 * var.database.max_capacity), var.database.min_capacity < 1 ? 2000 : 5000)

  # A fifth is left for people and for AWS's own sessions.
  bearable_connections = floor(0.8 * local.max_connections)

  # Functions with a connection to the database, and how often their concurrency counts.
  with_database = { webhook = 1, processor = 1, deadletter = length(local.queues), sweeper = 1, migrate = 1, api = 1, realtime = 1, visitor = 1 }
}
