// Command visitor is the Lambda function behind the visitors' side of the HTTP API: what the pages of hosted channels ask.
package main

import "omni/internal/app"

func main() { app.RunVisitor() }
