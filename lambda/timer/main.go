// Command timer is the Lambda function behind the timer queue: it sends on what has waited long enough.
package main

import "omni/internal/app"

func main() { app.RunTimer() }
