// Command deadletter is the Lambda function behind the dead letter queues: it sends jobs on their way again, or keeps them with their reason.
package main

import "omni/internal/app"

func main() { app.RunDeadLetter() }
