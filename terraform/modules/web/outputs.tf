locals {
  # The emulator has no CloudFront, and so nothing at this address.
  cdn_name = one([for cdn in aws_cloudfront_distribution.this : cdn.domain_name]) == null ? "${var.prefix}.cloudfront.invalid" : one([for cdn in aws_cloudfront_distribution.this : cdn.domain_name])
}

output "url" {
  description = "Origin of the dashboard."
  value       = "https://${var.domain == null ? local.cdn_name : var.domain.name}"
}

output "cdn_name" {
  description = "CloudFront's name for the dashboard: what a name of your own is to point at."
  value       = local.cdn_name
}

output "distribution_arns" {
  description = "ARNs of what reads the bucket."
  value       = [for cdn in aws_cloudfront_distribution.this : cdn.arn]
}
