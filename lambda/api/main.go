// Command api is the Lambda function behind the agents' side of the HTTP API: everything under /v1.
package main

import "omni/internal/app"

func main() { app.RunAPI() }
