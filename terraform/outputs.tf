locals {
  function_names = {
    webhook    = module.webhook.name
    processor  = module.processor.name
    deadletter = module.deadletter.name
    sweeper    = module.sweeper.name
    migrate    = module.migrate.name
    sender     = module.sender.name
    media      = module.media.name
    deliverer  = module.deliverer.name
    timer      = module.timer.name
    api        = module.api.name
    realtime   = module.realtime.name
    pusher     = module.pusher.name
    visitor    = module.visitor.name
  }
}

output "webhook_urls" {
  description = "URLs to enter at the platforms, by channel; {account} stands for a credential account of your choice."
  value       = { for name, channel in module.channel : name => [for path in channel.webhook_paths : "${module.gateway.endpoint}${path}"] }
}

output "api_endpoint" {
  description = "URL of the HTTP API that the platforms' webhooks go to."
  value       = module.gateway.endpoint
}

output "widget_url" {
  description = "URL of the script that a company's page loads to have the chat; its data-endpoint is api_endpoint."
  value       = "${module.web.url}/widget/v1/omni-chat.js"
}

output "queue_urls" {
  description = "URLs of the queues, by name."
  value       = { for name, queue in module.queue : name => queue.url }
}

output "dead_letter_queue_urls" {
  description = "URLs of the dead letter queues, by the name of their queue."
  value       = { for name, queue in module.queue : name => queue.dead_url }
}

output "secret_names" {
  description = "Names of the channels' secrets; `omni secrets set CHANNEL` puts values in."
  value       = { for name, channel in module.channel : name => channel.secret_name }
}

output "dashboard_url" {
  description = "URL of the agents' dashboard."
  value       = module.web.url
}

output "dashboard_cdn_name" {
  description = "CloudFront's name for the agents' dashboard: what a name of your own (dashboard_domain) has to point at, by CNAME or alias."
  value       = module.web.cdn_name
}

output "websocket_url" {
  description = "URL of the WebSocket API, which wants a ticket of the API."
  value       = module.websocket.url
}

output "user_pool_id" {
  description = "Cognito user pool of the agents; null with an identity provider of your own."
  value       = one([for identity in module.identity : identity.user_pool_id])
}

output "client_id" {
  description = "Client of the identity provider that the dashboard signs in as."
  value       = local.identity.client_id
}

output "metrics_url" {
  description = "The dashboard of metrics in AWS's console."
  value       = module.dashboard.url
}

output "function_names" {
  description = "Names of the functions in AWS, by the project's names."
  value       = local.function_names
}

output "migrate_function" {
  description = "Name of the function that brings the schema up to date."
  value       = module.migrate.name
}

output "database_endpoint" {
  description = "Host of the database, reachable from within the VPC only."
  value       = module.database.endpoint
}

output "alarm_topic_arn" {
  description = "SNS topic that all alarms go to, to subscribe more than one address."
  value       = module.alerts.topic_arn
}
