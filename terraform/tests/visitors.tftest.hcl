# A channel whose platform is this product: what its visitors' pages need, and nothing of it for the others.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  build_folder = "tests/fixtures/build"
  web_folder   = "tests/fixtures/web"
}

run "hosted" {
  variables {
    manifest          = "tests/fixtures/hosted.json"
    visitors_throttle = { rate = 20, burst = 40 }
  }

  assert {
    condition     = module.visitors.route_keys == ["ANY /visitors/kiosk/{account}/{proxy+}"]
    error_message = "Its visitors' pages have a route, and those of no other channel."
  }

  assert {
    condition     = toset(local.visitor_routes) == toset(["ANY /visitors/kiosk/{account}/{proxy+}", "OPTIONS /webhooks/kiosk", "POST /webhooks/kiosk"])
    error_message = "What anybody's browser calls has a throttle of its own, and the platforms' webhooks have theirs."
  }

  assert {
    condition     = keys(aws_iam_role_policy.hosted_secrets) == ["kiosk"]
    error_message = "The visitors' function reads the secrets of such channels alone."
  }

  assert {
    condition     = module.files.expire_days == tomap({ "files/uploaded/" = 7 }) && local.upload_origins == ["*"]
    error_message = "Pages of any origin put files to the links that they are given, and what no message named goes."
  }

  assert {
    condition     = keys(output.webhook_urls) == ["kiosk", "telegram"]
    error_message = "Its webhooks are beside the others'."
  }
}

run "none" {
  variables {
    manifest = "tests/fixtures/three.json"
  }

  assert {
    condition     = length(local.visitor_routes) == 0 && length(aws_iam_role_policy.hosted_secrets) == 0 && length(module.files.expire_days) == 0
    error_message = "Without such a channel there are no routes for visitors, and nothing is open to them."
  }
}
