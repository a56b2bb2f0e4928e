package emulator

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A listing asks a service for everything of a kind. The emulator needs no signature, only to hear which service is meant.
type listing struct {
	service string
	path    string
	target  string // of services that speak JSON
	form    string // of services that take forms
}

// listings cover every type of resource in the root module that has a life of its own. A deleted key stays for a week, so its alias stands for it.
var listings = map[string]listing{
	"functions":             {service: "lambda", path: "/2015-03-31/functions"},
	"event source mappings": {service: "lambda", path: "/2015-03-31/event-source-mappings/"},
	"APIs":                  {service: "apigateway", path: "/v2/apis"},
	"queues":                {service: "sqs", target: "AmazonSQS.ListQueues"},
	"roles":                 {service: "iam", form: "Action=ListRoles&Version=2010-05-08"},
	"secrets":               {service: "secretsmanager", target: "secretsmanager.ListSecrets"},
	"log groups":            {service: "logs", target: "Logs_20140328.DescribeLogGroups"},
	"alarms":                {service: "monitoring", form: "Action=DescribeAlarms&Version=2010-08-01"},
	"dashboards":            {service: "monitoring", form: "Action=ListDashboards&Version=2010-08-01"},
	"topics":                {service: "sns", form: "Action=ListTopics&Version=2010-03-31"},
	"subscriptions":         {service: "sns", form: "Action=ListSubscriptions&Version=2010-03-31"},
	"keys' aliases":         {service: "kms", target: "TrentService.ListAliases"},
	"schedules":             {service: "scheduler", path: "/schedules"},
	"buckets":               {service: "s3", path: "/"},
	"clusters":              {service: "rds", form: "Action=DescribeDBClusters&Version=2014-10-31"},
	"instances":             {service: "rds", form: "Action=DescribeDBInstances&Version=2014-10-31"},
	"parameter groups":      {service: "rds", form: "Action=DescribeDBClusterParameterGroups&Version=2014-10-31"},
	"subnet groups":         {service: "rds", form: "Action=DescribeDBSubnetGroups&Version=2014-10-31"},
	"snapshots":             {service: "rds", form: "Action=DescribeDBClusterSnapshots&Version=2014-10-31"},
	"VPCs":                  {service: "ec2", form: "Action=DescribeVpcs&Version=2016-11-15"},
	"subnets":               {service: "ec2", form: "Action=DescribeSubnets&Version=2016-11-15"},
	"security groups":       {service: "ec2", form: "Action=DescribeSecurityGroups&Version=2016-11-15"},
	"route tables":          {service: "ec2", form: "Action=DescribeRouteTables&Version=2016-11-15"},
	"endpoints":             {service: "ec2", form: "Action=DescribeVpcEndpoints&Version=2016-11-15"},
	"network interfaces":    {service: "ec2", form: "Action=DescribeNetworkInterfaces&Version=2016-11-15"},
}

// everything is what the account holds, by kind, as the services answer.
func everything(t *testing.T, endpoint string) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for what, l := range listings {
		answers[what] = l.ask(t, endpoint)
	}
	return answers
}

// requestIDs differ between two answers that are otherwise the same.
var requestIDs = regexp.MustCompile(`(?i)<requestId>[^<]*</requestId>`)

func (l listing) ask(t *testing.T, endpoint string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+l.path, nil)
	if l.path == "" {
		body := l.form
		if l.target != "" {
			body = "{}"
		}
		request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint+"/", strings.NewReader(body))
	}
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"+l.service+"/aws4_request, SignedHeaders=host, Signature=0")
	switch {
	case l.target != "":
		request.Header.Set("X-Amz-Target", l.target)
		request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	case l.form != "":
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("listing by %+v: status %d, %s, %v", l, response.StatusCode, body, err)
	}
	return requestIDs.ReplaceAllString(string(body), "")
}
