// Command media is the Lambda function behind the queue of customers' files: it fetches them from the platforms and keeps them.
package main

import "omni/internal/app"

func main() { app.RunMedia() }
