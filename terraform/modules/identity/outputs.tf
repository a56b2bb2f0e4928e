output "issuer" {
  description = "Issuer of the tokens."
  value       = "${local.issuer_host}/${aws_cognito_user_pool.agents.id}"
}

output "client_id" {
  description = "Client that the tokens are made for."
  value       = aws_cognito_user_pool_client.dashboard.id
}

output "logout_url" {
  description = "URL that ends the session at the sign-in page and leads back to the dashboard."
  value       = "${local.origin}/logout?client_id=${aws_cognito_user_pool_client.dashboard.id}&logout_uri=${urlencode(local.home_url)}"
}

# Made of names alone, so that the dashboard's headers do not wait for the pool, which waits for the dashboard's address.
output "origins" {
  description = "Origins that the dashboard talks to when somebody signs in, as a Content-Security-Policy names them."
  value       = [local.issuer_host, local.origin]
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.agents.id
}
