output "name" {
  description = "Name of the function in AWS."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "invoke_arn" {
  description = "ARN by which API Gateway invokes the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "code_hash" {
  description = "Hash of the function's code."
  value       = local.hash
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "role_name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "ready" {
  description = "Known when the function exists and may do what it is to do: depend on it before it is invoked."
  value       = sort(concat([aws_iam_role_policy.runtime.id], [for policy in aws_iam_role_policy.permission : policy.id]))
}
