// Command deliverer is the Lambda function behind the queue of deliveries: it posts events to the company's own endpoints.
package main

import "omni/internal/app"

func main() { app.RunDeliverer() }
