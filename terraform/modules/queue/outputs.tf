output "url" {
  description = "URL of the queue."
  value       = aws_sqs_queue.main.url
}

output "arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.main.arn
}

output "dead_url" {
  description = "URL of the dead letter queue."
  value       = aws_sqs_queue.dead.url
}

output "dead_arn" {
  description = "ARN of the dead letter queue."
  value       = aws_sqs_queue.dead.arn
}

output "visibility_seconds" {
  description = "How long a message that is being processed is hidden."
  value       = var.visibility_seconds
}

output "dead_visibility_seconds" {
  description = "The same for the dead letter queue."
  value       = var.dead_visibility_seconds
}

output "name" {
  description = "Name of the queue."
  value       = local.name
}

output "dead_name" {
  description = "Name of the dead letter queue."
  value       = local.dead_name
}
