// Command realtime is the Lambda function behind the WebSocket API: it opens and closes the sockets of dashboards.
package main

import "omni/internal/app"

func main() { app.RunRealtime() }
