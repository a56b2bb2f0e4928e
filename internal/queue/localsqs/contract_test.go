package localsqs_test

import (
	"flag"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/queue/localsqs"
	"omni/internal/queue/queuetest"
)

// With -sqs-endpoint the contract is asked of another endpoint instead: an emulator, or AWS itself with the credentials of the environment.
var (
	endpoint = flag.String("sqs-endpoint", "", "hold this endpoint to the contract instead of the local server; aws for the real one")
	region   = flag.String("sqs-region", "us-east-1", "region of -sqs-endpoint")
	slow     = flag.Bool("sqs-slow", false, "with -sqs-endpoint: also make the checks that wait for minutes")
)

func TestContract(t *testing.T) {
	t.Parallel()
	if *endpoint != "" {
		queuetest.Run(t, remote)
		return
	}
	queuetest.Run(t, local)
}

func local(t *testing.T) queuetest.Target {
	clock := localsqs.NewManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server := start(t, localsqs.Options{Clock: clock})
	return queuetest.Target{Client: newClient(t, server.URL()), Pass: clock.Advance}
}

func remote(t *testing.T) queuetest.Target {
	target := queuetest.Target{Pass: time.Sleep, Real: true, Slow: *slow}
	if *endpoint != "aws" {
		target.Client = newClient(t, *endpoint)
		return target
	}
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(*region))
	if err != nil {
		t.Fatal(err)
	}
	target.Client = sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.HTTPClient = httpClient(t) })
	return target
}

func start(t testing.TB, o localsqs.Options) *localsqs.Server {
	t.Helper()
	server, err := localsqs.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// newClient makes the real SDK's client, without its retries: a test wants to see every failure.
func newClient(t testing.TB, url string) *sqs.Client {
	return sqs.New(sqs.Options{
		BaseEndpoint: aws.String(url), Region: *region, HTTPClient: httpClient(t), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// httpClient makes a client whose connections end with the test.
func httpClient(t testing.TB) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
