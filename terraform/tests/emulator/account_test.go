package emulator

import (
	"cmp"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A listing asks a service for everything of a kind. The emulator needs no signature, only to hear which service is meant.
type listing struct {
	service string
	path    string // of services that take a GET
	target  string // of services that speak JSON
	form    string // of services that take forms
	name    string // expression that finds the names in the answer
	ignore  string // expression for the names that do not count
}

// listings cover every type of resource in the root module that has a life of its own. A deleted key stays for a week, so its alias stands
// for it.
var listings = map[string]listing{
	"functions":             {service: "lambda", path: "/2015-03-31/functions", name: inJSON("FunctionName")},
	"event source mappings": {service: "lambda", path: "/2015-03-31/event-source-mappings/", name: inJSON("UUID")},
	"APIs":                  {service: "apigateway", path: "/v2/apis", name: inJSON("apiId")},
	"user pools":            {service: "cognito-idp", target: "AWSCognitoIdentityProviderService.ListUserPools", name: inJSON("Id")},
	"queues":                {service: "sqs", target: "AmazonSQS.ListQueues", name: `"(http[^"]+)"`},
	"roles":                 {service: "iam", form: "Action=ListRoles&Version=2010-05-08", name: inXML("RoleName")},
	"log groups":            {service: "logs", target: "Logs_20140328.DescribeLogGroups", name: inJSON("logGroupName")},
	"alarms":                {service: "monitoring", form: "Action=DescribeAlarms&Version=2010-08-01", name: inXML("AlarmName")},
	"dashboards":            {service: "monitoring", form: "Action=ListDashboards&Version=2010-08-01", name: inXML("DashboardName")},
	"topics":                {service: "sns", form: "Action=ListTopics&Version=2010-03-31", name: inXML("TopicArn")},
	"schedules":             {service: "scheduler", path: "/schedules", name: inJSON("Name")},
	"buckets":               {service: "s3", path: "/", name: inXML("Name")},
	"clusters":              {service: "rds", form: "Action=DescribeDBClusters&Version=2014-10-31", name: inXML("DBClusterIdentifier")},
	"instances":             {service: "rds", form: "Action=DescribeDBInstances&Version=2014-10-31", name: inXML("DBInstanceIdentifier")},
	"parameter groups":      {service: "rds", form: "Action=DescribeDBClusterParameterGroups&Version=2014-10-31", name: inXML("DBClusterParameterGroupName")},
	"subnet groups":         {service: "rds", form: "Action=DescribeDBSubnetGroups&Version=2014-10-31", name: inXML("DBSubnetGroupName")},
	"VPCs":                  {service: "ec2", form: "Action=DescribeVpcs&Version=2016-11-15", name: inXML("vpcId")},
	"subnets":               {service: "ec2", form: "Action=DescribeSubnets&Version=2016-11-15", name: inXML("subnetId")},
	"security groups":       {service: "ec2", form: "Action=DescribeSecurityGroups&Version=2016-11-15", name: inXML("groupId")},
	"route tables":          {service: "ec2", form: "Action=DescribeRouteTables&Version=2016-11-15", name: inXML("routeTableId")},
	"network interfaces":    {service: "ec2", form: "Action=DescribeNetworkInterfaces&Version=2016-11-15", name: inXML("networkInterfaceId")},

	// A deleted endpoint is listed for a while.
	"endpoints": {service: "ec2", form: "Action=DescribeVpcEndpoints&Version=2016-11-15", name: `(?s)` + inXML("vpcEndpointId") + `.*?<state>available</state>`},
	// AWS has aliases of its own, and makes some when they are first needed.
	"keys' aliases": {service: "kms", target: "TrentService.ListAliases", name: inJSON("AliasName"), ignore: `^alias/aws/`},
	// RDS makes the secret of a cluster's owner, and deletes it with the cluster; the emulator may forget to.
	"secrets": {service: "secretsmanager", target: "secretsmanager.ListSecrets", name: inJSON("Name"), ignore: `^rds!cluster-`},
	// So it does with automated snapshots.
	"snapshots": {service: "rds", form: "Action=DescribeDBClusterSnapshots&Version=2014-10-31", name: inXML("DBClusterSnapshotIdentifier"), ignore: `^rds:`},
}

func inJSON(field string) string { return `"` + field + `": ?"([^"]+)"` }

func inXML(element string) string { return `<` + element + `>([^<]+)</` + element + `>` }

// everything is what the account holds: names by kind, sorted.
func everything(t *testing.T, endpoint string) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	for kind, l := range listings {
		names[kind] = l.names(t, endpoint)
	}
	return names
}

func (l listing) names(t *testing.T, endpoint string) []string {
	t.Helper()
	ignore := regexp.MustCompile(cmp.Or(l.ignore, `^$`))
	names := []string{}
	for _, found := range regexp.MustCompile(l.name).FindAllStringSubmatch(l.ask(t, endpoint), -1) {
		if !ignore.MatchString(found[1]) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

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
	return string(body)
}
