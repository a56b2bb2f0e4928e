// Command sweeper is the Lambda function that looks after the tables once a day: partitions of the coming months, retention of the logs, overdue
// jobs.
package main

import "omni/internal/app"

func main() { app.RunSweeper() }
