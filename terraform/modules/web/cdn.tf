# What people and their browsers talk to: the files at /, the API at /v1, one origin for both, so that nothing has to be allowed across origins.

locals {
  name = "${var.prefix}-dashboard"

  # AWS's own policies are the same in every account.
  caching = {
    optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6" # Managed-CachingOptimized: without query strings and cookies
    disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
  }
  all_but_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac" # Managed-AllViewerExceptHostHeader: the API answers to its own name only

  cdn = toset(var.emulator ? [] : ["cdn"])

  content_security_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: ${var.files_origin}",
    "media-src 'self' data: blob: ${var.files_origin}",
    "font-src 'self'",
    "connect-src ${join(" ", concat(["'self'", var.websocket_origin, var.files_origin], var.identity_origins))}",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ])

  other_headers = {
    Permissions-Policy         = "camera=(), microphone=(self), geolocation=()"
    Cross-Origin-Opener-Policy = "same-origin"
  }
}

resource "aws_cloudfront_origin_access_control" "bucket" {
  for_each = local.cdn

  name                              = local.name
  description                       = "Lets ${local.name} read its bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# The same headers as tools/omni/web sends on a laptop; a test holds the two together.
resource "aws_cloudfront_response_headers_policy" "security" {
  for_each = local.cdn

  name    = local.name
  comment = "What browsers may do with the dashboard"

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "same-origin"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
    }
  }

  custom_headers_config {
    dynamic "items" {
      for_each = local.other_headers

      content {
        header   = items.key
        value    = items.value
        override = true
      }
    }
  }
}

# The widget's files are for pages of every origin.
resource "aws_cloudfront_response_headers_policy" "widget" {
  for_each = local.cdn

  name    = "${local.name}-widget"
  comment = "What browsers may do with the files that companies' pages load"

  cors_config {
    access_control_allow_credentials = false
    origin_override                  = true

    access_control_allow_headers { items = ["*"] }
    access_control_allow_methods { items = ["GET", "HEAD"] }
    access_control_allow_origins { items = ["*"] }
  }

  security_headers_config {
    content_type_options {
      override = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "cross-origin"
      override = true
    }
  }
}

resource "aws_cloudfront_function" "fallback" {
  for_each = local.cdn

  name    = "${local.name}-fallback"
  comment = "Paths of the dashboard's own are the page"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/fallback.js")
}

resource "aws_cloudfront_distribution" "this" {
  for_each = local.cdn

  enabled             = true
  comment             = "Dashboard of ${var.prefix}"
  aliases             = var.domain[*].name
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = "PriceClass_100"

  origin {
    origin_id                = "files"
    domain_name              = var.bucket.domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.bucket["cdn"].id
  }

  origin {
    origin_id   = "api"
    domain_name = replace(var.api_endpoint, "https://", "")

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      origin_read_timeout    = 30 # API Gateway waits no longer
    }
  }

  default_cache_behavior {
    target_origin_id           = "files"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching.optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.security["cdn"].id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.fallback["cdn"].arn
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/v1/*"
    target_origin_id           = "api"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching.disabled
    origin_request_policy_id   = local.all_but_host
    response_headers_policy_id = aws_cloudfront_response_headers_policy.security["cdn"].id
  }

  ordered_cache_behavior {
    path_pattern               = "/widget/*"
    target_origin_id           = "files"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching.optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.widget["cdn"].id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  # CloudFront's own certificate takes no choice of protocols.
  viewer_certificate {
    cloudfront_default_certificate = var.domain == null
    acm_certificate_arn            = one(var.domain[*].certificate_arn)
    ssl_support_method             = var.domain == null ? null : "sni-only"
    minimum_protocol_version       = var.domain == null ? null : "TLSv1.2_2021"
  }
}
