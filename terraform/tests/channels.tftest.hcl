# A channel more or less in the manifest: everything else stays what it was. The mocked provider makes up a new URL for every queue and API that
# it creates, so equal ones were not replaced.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  build_folder = "tests/fixtures/build"
  web_folder   = "tests/fixtures/web"
}

run "three" {
  variables {
    manifest = "tests/fixtures/three.json"
  }

  assert {
    condition     = keys(output.webhook_urls) == ["messenger", "telegram", "whatsapp"]
    error_message = "The manifest's three channels were expected."
  }
}

run "one_more" {
  variables {
    manifest = "tests/fixtures/four.json"
  }

  assert {
    condition     = output.webhook_urls == merge(run.three.webhook_urls, { pager = ["${run.three.api_endpoint}/webhooks/pager"] })
    error_message = "The new channel's URL was expected beside the unchanged ones, on the same API."
  }

  assert {
    condition     = output.secret_names == merge(run.three.secret_names, { pager = "omni/channels/pager" })
    error_message = "One more secret was expected."
  }

  assert {
    condition = output.function_names == run.three.function_names && alltrue([
      for urls in [[output.queue_urls, run.three.queue_urls], [output.dead_letter_queue_urls, run.three.dead_letter_queue_urls]] :
      setsubtract(keys(urls[0]), keys(urls[1])) == toset(["outbound-pager"]) && { for name in keys(urls[1]) : name => urls[0][name] } == urls[1]
    ])
    error_message = "A new channel brings its outbound queue with its dead letter queue, and must not touch other queues or functions."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.channel_secrets.policy).Statement[0].Resource) == 4 && length(local.read_secrets.resources) == 4
    error_message = "The functions that verify, send and fetch have to be allowed the new channel's secret."
  }

  assert {
    condition     = local.reserved["sender"] == 4 * 10 && local.reserved["deadletter"] == 10 * 2
    error_message = "The new channel's queues need instances of their consumers."
  }
}

run "one_fewer" {
  variables {
    manifest = "tests/fixtures/three.json"
  }

  assert {
    condition     = output.webhook_urls == run.three.webhook_urls && output.secret_names == run.three.secret_names && output.queue_urls == run.three.queue_urls && output.dead_letter_queue_urls == run.three.dead_letter_queue_urls
    error_message = "Without the channel everything was expected to be as before."
  }
}
