# What every name begins with, and where

variable "prefix" {
  description = "What every name begins with. Another prefix is another stack, in the same account if you like."
  type        = string
  default     = "omni"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.prefix)) && length(var.prefix) <= 20
    error_message = "prefix is \"${var.prefix}\", but has to be at most 20 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "region" {
  description = "Region of AWS."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[1-9]$", var.region))
    error_message = "region is \"${var.region}\", but has to be a region of AWS like us-east-1 or eu-central-1."
  }
}

variable "tags" {
  description = "Tags of everything, beside Project = prefix."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "vpc_cidr" {
  description = "Private addresses of the stack's VPC. They matter only if you connect it with other networks."
  type        = string
  default     = "10.42.0.0/20"
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && can(regex("/(1[6-9]|2[0-4])$", var.vpc_cidr))
    error_message = "vpc_cidr is \"${var.vpc_cidr}\", but has to be a block of IPv4 addresses of /16 to /24, like 10.42.0.0/20."
  }
}

variable "zones" {
  description = "In how many availability zones functions, endpoints and database are: 1 is cheaper, 2 survive the loss of one."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, 2], var.zones)
    error_message = "zones is ${var.zones}, but has to be 1 or 2."
  }
}

# What is deployed

variable "manifest" {
  description = "File that lists the channels, as `go generate ./...` writes it."
  type        = string
  default     = "../gen/channels.json"
  nullable    = false

  validation {
    condition     = fileexists(var.manifest)
    error_message = "manifest is \"${var.manifest}\", but there is no such file: `go generate ./...` writes gen/channels.json."
  }
}

variable "channels" {
  description = "Names of the channels to deploy; null: all of the manifest."
  type        = set(string)
  default     = null

  validation {
    condition     = var.channels == null ? true : length(var.channels) > 0 && length(setsubtract(var.channels, keys(local.manifest))) == 0
    error_message = "channels has to name at least one channel, and only these: ${join(", ", keys(local.manifest))}."
  }
}

variable "build_folder" {
  description = "Folder of the functions' zips, as `make build` writes them."
  type        = string
  default     = "../build/arm64"
  nullable    = false
}

variable "web_folder" {
  description = "Folder of the built dashboard, as `make build` writes it."
  type        = string
  default     = "../build/web"
  nullable    = false
}

variable "log_level" {
  description = "Least severe line that the functions log."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is \"${var.log_level}\", but has to be DEBUG, INFO, WARN or ERROR."
  }
}

# The database

variable "database" {
  description = "Aurora Serverless v2: capacity in ACU (min_capacity 0 lets it sleep after pause_after_seconds without a connection), protection, backups."
  type = object({
    min_capacity        = optional(number, 0)
    max_capacity        = optional(number, 2)
    pause_after_seconds = optional(number, 300)
    engine_version      = optional(string, "17")
    backup_days         = optional(number, 7)
    deletion_protection = optional(bool, true)
    final_snapshot      = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.database.min_capacity >= 0 && var.database.min_capacity * 2 == floor(var.database.min_capacity * 2)
    error_message = "database.min_capacity is ${var.database.min_capacity}, but has to be 0 (the database may sleep) or more, in steps of 0.5."
  }

  validation {
    condition     = var.database.max_capacity >= 1 && var.database.max_capacity <= 256 && var.database.max_capacity * 2 == floor(var.database.max_capacity * 2)
    error_message = "database.max_capacity is ${var.database.max_capacity}, but has to be between 1 and 256, in steps of 0.5."
  }

  validation {
    condition     = var.database.min_capacity <= var.database.max_capacity
    error_message = "database.min_capacity is ${var.database.min_capacity}, but cannot be more than max_capacity, which is ${var.database.max_capacity}."
  }

  validation {
    condition     = var.database.pause_after_seconds >= 300 && var.database.pause_after_seconds <= 86400
    error_message = "database.pause_after_seconds is ${var.database.pause_after_seconds}, but has to be between 300 (five minutes) and 86400 (a day)."
  }

  validation {
    condition     = can(regex("^1[6-9]$", var.database.engine_version))
    error_message = "database.engine_version is \"${var.database.engine_version}\", but has to be a major version of PostgreSQL, 16 or newer, like 17."
  }

  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "database.backup_days is ${var.database.backup_days}, but has to be between 1 and 35."
  }
}

variable "database_ca_file" {
  description = "RDS certificate bundle (PEM) that `omni build --database-ca` put into the zips: functions then verify whom they talk to. Null: TLS without that."
  type        = string
  default     = null

  validation {
    condition     = var.database_ca_file == null ? true : fileexists(var.database_ca_file)
    error_message = "database_ca_file is \"${coalesce(var.database_ca_file, "null")}\", but there is no such file: get the bundle of your region from AWS and build with `omni build --database-ca FILE`."
  }
}

# Limits

variable "concurrency" {
  description = "Most instances of each function at a time: of sender for each channel, which divides the platform's rate limit among them, and of deadletter for each queue. Those of the inside zone keep up to two connections to the database each."
  type = object({
    webhook    = optional(number, 40)
    processor  = optional(number, 12)
    deadletter = optional(number, 2) # for each queue
    sweeper    = optional(number, 1)
    migrate    = optional(number, 1)
    timer      = optional(number, 2)
    sender     = optional(number, 10) # for each channel
    media      = optional(number, 5)
    deliverer  = optional(number, 10)
    api        = optional(number, 20)
    realtime   = optional(number, 10)
    pusher     = optional(number, 5)
    visitor    = optional(number, 10)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for count in values(var.concurrency) : count >= 1 && count == floor(count)])
    error_message = "concurrency: every function needs a whole number of instances, at least 1."
  }

  validation {
    condition     = var.concurrency.processor >= 4 && alltrue([for function in ["deadletter", "timer", "sender", "media", "deliverer", "pusher"] : var.concurrency[function] >= 2])
    error_message = "concurrency: a queue needs two instances of its consumer at least, so processor (two queues) needs 4 or more; timer, media, deliverer, pusher, sender (for each channel) and deadletter (for each queue) need 2 or more."
  }

  validation {
    condition     = var.concurrency.deliverer >= 6
    error_message = "concurrency: an endpoint that hangs keeps up to five instances of deliverer busy, so others need a sixth at least."
  }

  validation {
    condition     = 2 * sum([for function, times in local.with_database : times * var.concurrency[function]]) <= local.bearable_connections
    error_message = "concurrency: the functions could open ${2 * sum([for function, times in local.with_database : times * var.concurrency[function]])} connections, two for each instance with the database (deadletter has its number for each of ${length(local.queues)} queues), but with database.max_capacity = ${var.database.max_capacity} the database should not have more than ${local.bearable_connections}. Lower concurrency or raise max_capacity."
  }
}

variable "reserve_concurrency" {
  description = "Whether the instances are reserved in the account. New accounts have a quota of few instances, of which AWS lets none be reserved: raise the quota, or set false. The caps of the queues hold in any case."
  type        = bool
  default     = true
  nullable    = false
}

variable "throttle" {
  description = "Webhooks per second, and at once, that API Gateway lets through; it answers more with 429, and the platforms send those again."
  type = object({
    rate  = optional(number, 500)
    burst = optional(number, 500)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.throttle.rate >= 1 && var.throttle.rate <= 10000 && var.throttle.burst >= 1 && var.throttle.burst <= 5000
    error_message = "throttle: rate has to be between 1 and 10000 requests per second, burst between 1 and 5000."
  }
}

# The visitors' side

variable "visitors_throttle" {
  description = "Requests of visitors' pages per second, and at once, that API Gateway lets through on each of their routes; it answers more with 429. It takes nothing from the platforms' webhooks."
  type = object({
    rate  = optional(number, 100)
    burst = optional(number, 200)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.visitors_throttle.rate >= 1 && var.visitors_throttle.rate <= 10000 && var.visitors_throttle.burst >= 1 && var.visitors_throttle.burst <= 5000
    error_message = "visitors_throttle: rate has to be between 1 and 10000 requests per second, burst between 1 and 5000."
  }
}

# The agents' side

variable "agents_throttle" {
  description = "Requests of the agents' dashboards per second, and at once, that API Gateway lets through; the same for what they send through their sockets. It takes nothing from the webhooks."
  type = object({
    rate  = optional(number, 500)
    burst = optional(number, 1000)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.agents_throttle.rate >= 1 && var.agents_throttle.rate <= 10000 && var.agents_throttle.burst >= 1 && var.agents_throttle.burst <= 5000
    error_message = "agents_throttle: rate has to be between 1 and 10000 requests per second, burst between 1 and 5000."
  }
}

variable "identity" {
  description = "An OpenID Connect provider of your own, instead of a Cognito user pool: issuer, and a public client of it for the code flow with PKCE, whose redirect URI is the dashboard's URL and /callback. logout_url ends the session there. origins are those of its other endpoints (token, userinfo), if they are not where the issuer is. Its ID tokens have to carry name and email, and `admin` in the claim cognito:groups for administrators."
  type = object({
    issuer     = string
    client_id  = string
    logout_url = optional(string)
    origins    = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.identity == null ? true : can(regex("^https://[^/?#[:space:]]+(/[^?#[:space:]]*)?$", var.identity.issuer)) && length(var.identity.client_id) > 0
    error_message = "identity: issuer is \"${try(var.identity.issuer, "")}\" and client_id \"${try(var.identity.client_id, "")}\", but the issuer has to be an https URL without a query, exactly as the tokens name it, and the client must not be empty."
  }

  validation {
    condition     = alltrue([for origin in try(var.identity.origins, []) : can(regex("^https://[^/?#[:space:]]+$", origin))])
    error_message = "identity.origins has to hold origins alone, like https://login.example.com: no path, and no slash at the end."
  }
}

variable "require_mfa" {
  description = "Whether everybody in the Cognito user pool has to have a second factor, an app that makes codes."
  type        = bool
  default     = false
  nullable    = false
}

variable "dashboard_domain" {
  description = "A name of your own for the dashboard, and the ARN of its certificate in ACM, in us-east-1; null: a name of CloudFront's."
  type = object({
    name            = string
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.dashboard_domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.dashboard_domain.name)) && can(regex("^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/.+$", var.dashboard_domain.certificate_arn))
    error_message = "dashboard_domain: name has to be a domain like inbox.example.com, and certificate_arn that of a certificate in us-east-1, where CloudFront looks for it."
  }
}

variable "websocket_access_log" {
  description = "Whether the WebSocket API keeps an access log. AWS refuses one unless API Gateway has a role for logs, which is one setting for the whole account and region (API Gateway, Settings, Logging)."
  type        = bool
  default     = false
  nullable    = false
}

# Operations

variable "retention_days" {
  description = "For how many days the database keeps the logs: raw webhooks, jobs, the feed, what subscribers were told; 0: for good. retention says more."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.retention_days >= 0 && var.retention_days == floor(var.retention_days)
    error_message = "retention_days is ${var.retention_days}, but has to be a whole number of days, or 0 for good."
  }
}

variable "retention" {
  description = "For how many days messages, files, dead_letters, webhooks and deliveries are kept, and under channels the same for single channels; 0: for good. What is not named: messages, files and dead letters for good, the others for retention_days."
  type = object({
    messages     = optional(number)
    files        = optional(number)
    dead_letters = optional(number)
    webhooks     = optional(number)
    deliveries   = optional(number)
    channels = optional(map(object({
      messages     = optional(number)
      files        = optional(number)
      dead_letters = optional(number)
      webhooks     = optional(number)
      deliveries   = optional(number)
    })), {})
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for days in flatten([
        [for kind, days in var.retention : days if kind != "channels" && days != null],
        [for channel in var.retention.channels : [for days in values(channel) : days if days != null]],
      ]) : tonumber(days) >= 0 && tonumber(days) == floor(tonumber(days))
    ])
    error_message = "Each time in retention has to be a whole number of days, or 0 for good."
  }
}

variable "unknown_sends" {
  description = "What becomes of an answer of which nobody will ever tell whether it was delivered: ask (an agent decides) or retry (the customer may get it twice)."
  type        = string
  default     = "ask"
  nullable    = false

  validation {
    condition     = contains(["ask", "retry"], var.unknown_sends)
    error_message = "unknown_sends is \"${var.unknown_sends}\", but has to be ask or retry."
  }
}

variable "files_retention_days" {
  description = "For how many days the files of messages are kept; null: for good. Their messages stay."
  type        = number
  default     = null

  validation {
    condition     = var.files_retention_days == null ? true : var.files_retention_days >= 1 && var.files_retention_days == floor(var.files_retention_days)
    error_message = "files_retention_days is ${coalesce(var.files_retention_days, 0)}, but has to be a whole number of days, at least 1, or null for good."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}, but CloudWatch knows only 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 and some numbers of years."
  }
}

variable "alarm_email" {
  description = "Address that gets the alarms, once it confirmed AWS's mail; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null ? true : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", var.alarm_email))
    error_message = "alarm_email is \"${coalesce(var.alarm_email, "null")}\", but has to be an e-mail address."
  }
}

variable "emulator" {
  description = "For tests: leave out what the AWS emulator lacks or forgets. Never set it on AWS."
  type        = bool
  default     = false
  nullable    = false
}
