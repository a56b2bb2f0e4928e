# The whole stack with a mocked provider, in its two shapes.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  build_folder = "tests/fixtures/build"
  web_folder   = "tests/fixtures/web"
  manifest     = "tests/fixtures/three.json"
}

run "small" {
  assert {
    condition     = module.network.zone_names == tolist(["us-east-1a"]) && length(module.network.database_subnet_ids) == 2
    error_message = "One zone of functions was expected, and two of the database's subnet group."
  }

  assert {
    condition     = length(module.database.instances) == 1
    error_message = "One zone has one instance of the database."
  }

  assert {
    condition = output.webhook_urls == {
      messenger = ["${output.api_endpoint}/webhooks/messenger"]
      telegram  = ["${output.api_endpoint}/webhooks/telegram/{account}"]
      whatsapp  = ["${output.api_endpoint}/webhooks/whatsapp"]
    }
    error_message = "Every channel has the URLs of its POST routes, and only those."
  }

  assert {
    condition     = output.secret_names["whatsapp"] == "omni/channels/whatsapp"
    error_message = "A channel's secret is called <prefix>/channels/<channel>: the webhook function looks for it there."
  }

  assert {
    condition     = toset(jsondecode(aws_iam_role_policy.channel_secrets.policy).Statement[0].Resource) == toset([for channel in module.channel : channel.secret_arn])
    error_message = "The webhook function may read the secrets of its channels, and no others."
  }

  assert {
    condition = keys(output.function_names) == [
      "api", "deadletter", "deliverer", "media", "migrate", "processor", "pusher", "realtime", "sender", "sweeper", "timer", "visitor", "webhook",
    ]
    error_message = "There are twelve functions."
  }

  assert {
    condition = alltrue([
      for function, user in local.database_users : local.database_environment[function] == {
        DATABASE_CREDENTIALS = "iam"
        DATABASE_URL         = "postgres://omni_${function}@omni.cluster-mock.us-east-1.rds.amazonaws.com:5432/omni?sslmode=require"
      } && endswith(local.database_permission[function].resources[0], "dbuser:cluster-MOCK/omni_${function}")
    ])
    error_message = "Every function with the database connects as a user of its own, and its role allows just that one."
  }

  assert {
    condition = keys(output.queue_urls) == [
      "bulk", "deliveries", "media", "messages", "outbound-messenger", "outbound-telegram", "outbound-whatsapp", "pushes", "timer",
    ] && keys(output.queue_urls) == keys(output.dead_letter_queue_urls)
    error_message = "There are six queues and one for each channel, each with a dead letter queue."
  }

  assert {
    condition     = local.outside_queue_environment.OUTBOUND_QUEUE_URL == "${module.queue["messages"].url}omni-outbound-{channel}.fifo" # the mocked provider's URLs hold no name
    error_message = "The outbound queues' URL has a place for the channel."
  }

  assert {
    condition     = module.queue["outbound-telegram"].visibility_seconds == 180 && module.queue["media"].visibility_seconds == 6 * 150
    error_message = "An interrupted answer is noticed soon; everything else is hidden for six times what its consumer may take."
  }

  assert {
    condition     = length(module.files.expire_days) == 0
    error_message = "Files are kept for good unless something else is said."
  }

  assert {
    condition     = output.dashboard_url == "https://mock.cloudfront.net" && output.dashboard_cdn_name == "mock.cloudfront.net"
    error_message = "Without a name of one's own the dashboard is at CloudFront's."
  }

  assert {
    condition     = output.websocket_url == "wss://mock.execute-api.us-east-1.amazonaws.com/live"
    error_message = "Sockets are opened at the stage of the WebSocket API."
  }

  assert {
    condition     = output.user_pool_id == "us-east-1_AbCdEfGhI" && local.identity.issuer == "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI" && output.client_id == local.identity.client_id
    error_message = "Without an identity provider of one's own people are in a user pool."
  }

  assert {
    condition     = local.timeouts["api"] < 30 && local.timeouts["pusher"] < 60
    error_message = "API Gateway waits for 30 seconds, and nobody wants an old push."
  }
}

run "production" {
  variables {
    prefix      = "shop-live"
    zones       = 2
    alarm_email = "team@example.com"
    concurrency = { webhook = 150, processor = 40 }

    database = {
      min_capacity = 0.5
      max_capacity = 16
      backup_days  = 30
    }
  }

  assert {
    condition     = module.network.zone_names == tolist(["us-east-1a", "us-east-1b"]) && length(module.database.instances) == 2
    error_message = "Two zones have functions in both and two instances of the database."
  }

  assert {
    condition     = alltrue([for name in concat(values(output.function_names), values(output.secret_names)) : startswith(name, "shop-live")])
    error_message = "Every name begins with the prefix, so that two stacks live in one account."
  }

  assert {
    condition     = local.bulk_concurrency == 10 && local.reserved["processor"] == 40
    error_message = "A quarter of the processor belongs to the bulk queue."
  }
}

run "switches" {
  command = plan

  variables {
    channels            = ["telegram"]
    database_ca_file    = "tests/fixtures/build/webhook.zip" # any file
    reserve_concurrency = false

    files_retention_days = 365

    dashboard_domain = { name = "inbox.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-1111-2222-3333-444444444444" }

    identity = {
      issuer    = "https://login.example.com/realms/shop"
      client_id = "inbox"
      origins   = ["https://tokens.example.com"]
    }
  }

  assert {
    condition     = length(module.identity) == 0 && output.user_pool_id == null && output.client_id == "inbox"
    error_message = "With an identity provider of one's own there is no user pool."
  }

  assert {
    condition     = local.identity_origins == tolist(["https://login.example.com", "https://tokens.example.com"])
    error_message = "The page may talk to the issuer and to its token endpoint."
  }

  assert {
    condition     = output.dashboard_url == "https://inbox.example.com"
    error_message = "The dashboard is at one's own name."
  }

  assert {
    condition     = keys(module.channel) == ["telegram"] && keys(local.outbound_queues) == ["outbound-telegram"]
    error_message = "Only the channels that are named are deployed."
  }

  assert {
    condition     = module.files.expire_days == tomap({ "files/" = 365 })
    error_message = "Files go after a year."
  }

  assert {
    condition     = local.database_tls == "sslmode=verify-full&sslrootcert=/var/task/rds-ca.pem"
    error_message = "With a certificate bundle the functions verify whom they talk to."
  }

  assert {
    condition     = alltrue([for count in values(local.reserved) : count == null])
    error_message = "Without reserve_concurrency nothing is reserved."
  }
}
