// Command migrate is the Lambda function that brings the database's schema up to date; the deploy invokes it.
package main

import "omni/internal/app"

func main() { app.RunMigrate() }
