# Wrong variables are refused at plan time; what is allowed says the message of each validation. A run is a plan that takes seconds, so each tries
# many wrong values at once: all of them have to be refused. What concurrency may be depends on database and manifest, so it is wrong alone.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  build_folder = "tests/fixtures/build"
  web_folder   = "tests/fixtures/web"
  manifest     = "tests/fixtures/three.json"
}

run "wrong_in_one_way" {
  command = plan

  variables {
    prefix             = "Omni"
    region             = "Frankfurt"
    vpc_cidr           = "10.0.0.0/28"
    zones              = 3
    channels           = ["telegram", "pigeon"]
    log_level          = "TRACE"
    database           = { min_capacity = 0.3 }
    database_ca_file   = "tests/fixtures/none.pem"
    throttle           = { rate = 0 }
    retention_days     = 0.5
    log_retention_days = 10
    alarm_email        = "team"

    unknown_sends        = "twice"
    files_retention_days = 0
    agents_throttle      = { burst = 0 }
    identity             = { issuer = "http://login.example.com", client_id = "inbox" }
    dashboard_domain     = { name = "inbox.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" }
  }

  expect_failures = [
    var.prefix,
    var.region,
    var.vpc_cidr,
    var.zones,
    var.channels,
    var.log_level,
    var.database,
    var.database_ca_file,
    var.throttle,
    var.retention_days,
    var.unknown_sends,
    var.files_retention_days,
    var.agents_throttle,
    var.identity,
    var.dashboard_domain,
    var.log_retention_days,
    var.alarm_email,
  ]
}

run "wrong_in_another_way" {
  command = plan

  variables {
    prefix         = "omni--live"
    vpc_cidr       = "everywhere"
    zones          = 0
    channels       = []
    database       = { max_capacity = 0.5 }
    throttle       = { burst = 5001 }
    retention_days = -1
    alarm_email    = "team@example"

    agents_throttle  = { rate = 10001 }
    identity         = { issuer = "https://login.example.com", client_id = "inbox", origins = ["https://login.example.com/token"] }
    dashboard_domain = { name = "https://inbox.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
  }

  expect_failures = [
    var.prefix,
    var.vpc_cidr,
    var.zones,
    var.channels,
    var.database,
    var.throttle,
    var.retention_days,
    var.agents_throttle,
    var.identity,
    var.dashboard_domain,
    var.alarm_email,
  ]
}

run "long_prefix_and_capacity_upside_down" {
  command = plan

  variables {
    prefix   = "omnichannel-messaging"
    database = { min_capacity = 4, max_capacity = 2 }
  }

  expect_failures = [var.prefix, var.database]
}

run "no_manifest_and_paused_too_soon" {
  command = plan

  variables {
    manifest = "tests/fixtures/none.json"
    database = { pause_after_seconds = 60 }
  }

  expect_failures = [var.manifest, var.database]
}

run "postgresql_too_old" {
  command = plan

  variables {
    database = { engine_version = "13.9" }
  }

  expect_failures = [var.database]
}

run "no_backups" {
  command = plan

  variables {
    database = { backup_days = 0 }
  }

  expect_failures = [var.database]
}

run "half_an_instance" {
  command = plan

  variables {
    concurrency = { webhook = 1.5 }
  }

  expect_failures = [var.concurrency]
}

run "too_few_instances_for_the_queues" {
  command = plan

  variables {
    concurrency = { sender = 1 }
  }

  expect_failures = [var.concurrency]
}

# With one ACU the database takes 189 connections, of which functions may have 151; 76 instances would open 152. deadletter has two for each of
# nine queues.
run "more_connections_than_the_database_bears" {
  command = plan

  variables {
    database    = { max_capacity = 1 }
    concurrency = { webhook = 30, processor = 10, deadletter = 2, sweeper = 1, migrate = 1, api = 10, realtime = 4, visitor = 2 }
  }

  expect_failures = [var.concurrency]
}

run "as_many_connections_as_the_database_bears" {
  command = plan

  variables {
    database    = { max_capacity = 1 }
    concurrency = { webhook = 29, processor = 10, deadletter = 2, sweeper = 1, migrate = 1, api = 10, realtime = 4, visitor = 2 }
  }

  assert {
    condition     = local.bearable_connections == 151
    error_message = "189 connections for one ACU were expected, less a fifth."
  }
}
