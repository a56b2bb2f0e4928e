// Command sender is the Lambda function behind the queues of the channels' answers: it delivers messages to the platforms.
package main

import "omni/internal/app"

func main() { app.RunSender() }
