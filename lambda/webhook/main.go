// Command webhook is the Lambda function behind the webhook routes: it verifies, stores and queues what the platforms send.
package main

import "omni/internal/app"

func main() { app.RunWebhook() }
