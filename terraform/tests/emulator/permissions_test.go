package emulator

import (
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"
)

// checkSecrets wants each channel's secret to be there without a value, and the functions that need them to be allowed to read just these.
func (w *world) checkSecrets(t *testing.T, manifest string) {
	t.Helper()
	secrets, arns := secretsmanager.NewFromConfig(w.config()), []string{}
	for name := range readManifest(t, manifest) {
		secret, err := secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: aws.String("omni/channels/" + name)})
		if err != nil {
			t.Error(err)
			continue
		}
		if len(secret.VersionIdsToStages) > 0 {
			t.Errorf("%s has a value: %v", *secret.Name, secret.VersionIdsToStages)
		}
		arns = append(arns, *secret.ARN)
	}
	slices.Sort(arns)
	for _, function := range []string{"webhook", "sender", "media"} {
		if diff := cmp.Diff(arns, w.allowed(t, "omni-"+function, "secretsmanager:GetSecretValue")); diff != "" {
			t.Errorf("%s is to read the channels' secrets (- it may not, + it must not):\n%s", function, diff)
		}
	}
}

// allowed returns what the role may do this with, sorted.
func (w *world) allowed(t *testing.T, role, action string) []string {
	t.Helper()
	policies, err := iam.NewFromConfig(w.config()).ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &role})
	if err != nil {
		t.Fatal(err)
	}
	resources := []string{}
	for _, name := range policies.PolicyNames {
		var document struct {
			Statement []struct {
				Action, Resource any // one or a list
			}
		}
		if err := json.Unmarshal([]byte(w.rolePolicy(t, role, name)), &document); err != nil {
			t.Fatalf("policy %s of %s: %v", name, role, err)
		}
		for _, statement := range document.Statement {
			if slices.Contains(texts(statement.Action), action) {
				resources = append(resources, texts(statement.Resource)...)
			}
		}
	}
	slices.Sort(resources)
	return slices.Compact(resources)
}

func texts(oneOrMany any) (all []string) {
	many, is := oneOrMany.([]any)
	if !is {
		many = []any{oneOrMany}
	}
	for _, one := range many {
		text, _ := one.(string)
		all = append(all, text)
	}
	return all
}

// checkSends wants the function to be allowed to send to the queues that its environment names, and to no others.
func (w *world) checkSends(t *testing.T, function string, variables map[string]string) {
	t.Helper()
	named, allowed := []string{}, []string{}
	for variable, address := range variables {
		if !strings.HasSuffix(variable, "_QUEUE_URL") {
			continue
		}
		for _, url := range w.expand(t, address) {
			named = append(named, path.Base(url))
		}
	}
	for _, arn := range w.allowed(t, function, "sqs:SendMessage") {
		allowed = append(allowed, arn[strings.LastIndex(arn, ":")+1:])
	}
	slices.Sort(named)
	if diff := cmp.Diff(named, allowed); diff != "" {
		t.Errorf("it is to send to the queues it knows (- it may not, + it must not):\n%s", diff)
	}
}

// expand puts each channel where a queue's URL has a place for one.
func (w *world) expand(t *testing.T, address string) (urls []string) {
	t.Helper()
	if !strings.Contains(address, "{channel}") {
		return []string{address}
	}
	queues := output[map[string]string](t, w.omni, "queue_urls")
	for channel := range readManifest(t, w.manifest) {
		url := strings.ReplaceAll(address, "{channel}", channel)
		if url != queues["outbound-"+channel] {
			t.Errorf("%s is to be the outbound queue of %s, which is %q", url, channel, queues["outbound-"+channel])
		}
		urls = append(urls, url)
	}
	return urls
}

func (w *world) rolePolicy(t *testing.T, role, name string) string {
	t.Helper()
	answer, err := iam.NewFromConfig(w.config()).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
	if err != nil {
		t.Fatal(err)
	}
	document, err := url.QueryUnescape(*answer.PolicyDocument)
	if err != nil {
		t.Fatal(err)
	}
	return document
}
