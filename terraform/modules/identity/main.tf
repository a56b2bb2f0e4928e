# Who may sign in: a Cognito user pool of the agents, with a client for the dashboard. Nobody signs up; an administrator invites.

locals {
  domain      = "${var.prefix}-${var.account}" # unique in the region
  origin      = "https://${local.domain}.auth.${var.region}.amazoncognito.com"
  issuer_host = "https://cognito-idp.${var.region}.amazonaws.com"
  home_url    = "${var.dashboard_url}/"
}

resource "aws_cognito_user_pool" "agents" {
  name                = "${var.prefix}-agents"
  user_pool_tier      = var.emulator ? null : "ESSENTIALS" # the cheaper one has no rotation of refresh tokens
  deletion_protection = var.deletion_protection ? "ACTIVE" : "INACTIVE"

  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  admin_create_user_config {
    allow_admin_create_user_only = true

    invite_message_template {
      email_subject = "Your account for the inbox"
      email_message = "Sign in at ${local.home_url} as {username} with the temporary password {####} - it works for ${var.invitation_days} days, and you choose your own then."
      sms_message   = "{username}: {####}" # never sent: there is no phone number
    }
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false # length does more
    password_history_size            = 5
    temporary_password_validity_days = var.invitation_days
  }

  mfa_configuration = var.require_mfa ? "ON" : "OPTIONAL"

  software_token_mfa_configuration {
    enabled = true
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  # A new address counts when its owner has confirmed it.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }
}

# Its members' tokens say so in the claim cognito:groups, which is where the API reads the role.
resource "aws_cognito_user_group" "admin" {
  name         = "admin"
  description  = "May change settings, agents and subscriptions"
  precedence   = 1
  user_pool_id = aws_cognito_user_pool.agents.id
}

resource "aws_cognito_user_pool_domain" "this" {
  domain       = local.domain
  user_pool_id = aws_cognito_user_pool.agents.id

  lifecycle {
    precondition {
      condition     = !can(regex("aws|amazon|cognito", local.domain))
      error_message = "The sign-in page would be at ${local.origin}, but Cognito refuses domains with aws, amazon or cognito in them: choose another prefix."
    }
  }
}

# A client in a browser can keep no secret: it signs in with a code and proves by PKCE that it is who asked for it.
resource "aws_cognito_user_pool_client" "dashboard" {
  name         = "${var.prefix}-dashboard"
  user_pool_id = aws_cognito_user_pool.agents.id

  generate_secret                      = false
  supported_identity_providers         = ["COGNITO"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email", "profile"]
  callback_urls                        = ["${var.dashboard_url}/callback"]
  logout_urls                          = [local.home_url]

  # Without ALLOW_REFRESH_TOKEN_AUTH, which does not go together with rotation: refreshing is the sign-in page's business then.
  explicit_auth_flows           = ["ALLOW_USER_SRP_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true

  id_token_validity      = 60
  access_token_validity  = 60
  refresh_token_validity = 30

  token_validity_units {
    id_token      = "minutes"
    access_token  = "minutes"
    refresh_token = "days"
  }

  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 60 # two tabs may refresh at the same time
  }
}
