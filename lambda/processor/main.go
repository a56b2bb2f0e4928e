// Command processor is the Lambda function behind the message queue: it turns stored events into conversations.
package main

import "omni/internal/app"

func main() { app.RunProcessor() }
