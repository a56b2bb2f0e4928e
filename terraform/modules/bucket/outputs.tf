output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.id
}

output "expire_days" {
  description = "After how many days objects are deleted, by key prefix."
  value       = var.expire_days
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "domain_name" {
  description = "Name by which the bucket is reached over HTTPS: the one in links that are signed in its region."
  value       = "${aws_s3_bucket.this.id}.s3.${var.region}.amazonaws.com"
}
