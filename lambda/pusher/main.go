// Command pusher is the Lambda function that posts what happens to the sockets of open dashboards.
package main

import "omni/internal/app"

func main() { app.RunPusher() }
