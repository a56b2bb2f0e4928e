package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/app"
	"omni/internal/queue"
	"omni/tools/omni/dead"
	"omni/tools/omni/state"
)

// openQueue finds the queues that belong to a database: the named ones, or those of the local server if the database is its own. Nil: none is
// known.
func (c deadRedriveCommand) openQueue(ctx context.Context, databaseURL string) (dead.Queue, error) {
	if c.MessageQueue != "" {
		sender, err := app.OpenSender(ctx, app.QueueURLs(c.MessageQueue, c.BulkQueue))
		if err != nil {
			return nil, err
		}
		return sender, nil
	}
	folder, err := state.Find()
	if err != nil {
		return nil, err
	}
	running, err := folder.Running()
	if err != nil || running.DatabaseURL != databaseURL {
		return nil, nil // the rows wait for the overdue check of whoever runs
	}
	return localSender(running)
}

// localSender reaches the queues of the local server, which looks at no credentials.
func localSender(running state.Dev) (dead.Queue, error) {
	server, err := url.Parse(running.QueueURL)
	if err != nil {
		return nil, fmt.Errorf("reading the URL of the local queue: %w", err)
	}
	client := sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.Scheme + "://" + server.Host), Region: "local",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	return queue.NewSender(client, app.QueueURLs(running.QueueURL, running.BulkQueueURL), nil), nil
}
