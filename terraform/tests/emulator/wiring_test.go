package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/app"
	"omni/terraform/tests/stack"
)

// config leads the SDK to the emulator.
func (w *world) config() aws.Config {
	return aws.Config{BaseEndpoint: &w.endpoint, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// output reads one of the stack's outputs.
func output[T any](t *testing.T, s *stack.Stack, name string) T {
	t.Helper()
	outputs, err := s.Outputs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var value T
	if err := json.Unmarshal(outputs[name].Value, &value); err != nil {
		t.Fatalf("output %s: %v", name, err)
	}
	return value
}

func (w *world) testWiring(t *testing.T) {
	functions := output[map[string]string](t, w.omni, "function_names")
	t.Run("routes lead to the webhook function", func(t *testing.T) { w.checkRoutes(t, w.manifest) })
	t.Run("queues lead to their dead letter queues and consumers", w.checkQueues)
	t.Run("channels have a secret without a value", func(t *testing.T) { w.checkSecrets(t, w.manifest) })
	for name, full := range functions {
		t.Run(name, func(t *testing.T) { w.checkFunction(t, name, full) })
	}
}

// checkRoutes follows every route of the manifest from the API to the function, which has to let itself be invoked.
func (w *world) checkRoutes(t *testing.T, manifest string) {
	t.Helper()
	gateway := apigatewayv2.NewFromConfig(w.config())
	api := w.api(t, gateway)
	integrations, err := gateway.GetIntegrations(t.Context(), &apigatewayv2.GetIntegrationsInput{ApiId: &api})
	if err != nil {
		t.Fatal(err)
	}
	invokes := map[string]string{}
	for _, integration := range integrations.Items {
		invokes["integrations/"+*integration.IntegrationId] = aws.ToString(integration.IntegrationUri)
	}
	routes, err := gateway.GetRoutes(t.Context(), &apigatewayv2.GetRoutesInput{ApiId: &api})
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]string{}
	for _, route := range routes.Items {
		targets[*route.RouteKey] = invokes[aws.ToString(route.Target)]
	}
	for _, key := range routeKeys(t, manifest) {
		if !strings.Contains(targets[key], ":function:omni-webhook") {
			t.Errorf("%s leads to %q", key, targets[key])
		}
		delete(targets, key)
	}
	if len(targets) > 0 {
		t.Errorf("these routes are in no manifest: %v", targets)
	}
	w.checkInvocation(t, api)
}

// api finds the stack's API among those of the account.
func (w *world) api(t *testing.T, gateway *apigatewayv2.Client) string {
	t.Helper()
	apis, err := gateway.GetApis(t.Context(), &apigatewayv2.GetApisInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range apis.Items {
		if *api.Name == "omni" {
			return *api.ApiId
		}
	}
	t.Fatal("there is no API called omni")
	return ""
}

func (w *world) checkInvocation(t *testing.T, api string) {
	t.Helper()
	policy, err := lambda.NewFromConfig(w.config()).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("omni-webhook")})
	if err != nil {
		t.Fatal(err)
	}
	if text := *policy.Policy; !strings.Contains(text, "apigateway.amazonaws.com") || !strings.Contains(text, ":"+api+"/*/*/webhooks/*") {
		t.Errorf("the API %s may not invoke the webhook function: %s", api, text)
	}
}

func routeKeys(t *testing.T, manifest string) []string {
	t.Helper()
	var keys []string
	for _, channel := range readManifest(t, manifest) {
		for _, route := range channel.Routes {
			keys = append(keys, route.Key)
		}
	}
	return keys
}

type channel struct {
	Routes []struct {
		Key string `json:"key"`
	} `json:"routes"`
}

func readManifest(t *testing.T, file string) map[string]channel {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var channels map[string]channel
	if err := json.Unmarshal(content, &channels); err != nil {
		t.Fatal(err)
	}
	return channels
}

// consumer says who is to read each queue, and its dead letters.
var consumer = map[string]string{"messages": "omni-processor", "bulk": "omni-processor", "timer": "omni-timer"}

func (w *world) checkQueues(t *testing.T) {
	dead := output[map[string]string](t, w.omni, "dead_letter_queue_urls")
	for name, address := range output[map[string]string](t, w.omni, "queue_urls") {
		redrive, arn := w.queue(t, address)
		_, deadARN := w.queue(t, dead[name])
		if !strings.Contains(redrive, `"`+deadARN+`"`) {
			t.Errorf("%s has the redrive policy %s, which does not lead to %s", name, redrive, deadARN)
		}
		w.checkConsumer(t, arn, consumer[name])
		w.checkConsumer(t, deadARN, "omni-deadletter")
	}
}

func (w *world) queue(t *testing.T, address string) (redrive, arn string) {
	t.Helper()
	answer, err := sqs.NewFromConfig(w.config()).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &address, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Attributes["RedrivePolicy"], answer.Attributes["QueueArn"]
}

func (w *world) checkConsumer(t *testing.T, queue, function string) {
	t.Helper()
	mappings, err := lambda.NewFromConfig(w.config()).ListEventSourceMappings(t.Context(), &lambda.ListEventSourceMappingsInput{EventSourceArn: &queue})
	if err != nil {
		t.Fatal(err)
	}
	if len(mappings.EventSourceMappings) != 1 || !strings.HasSuffix(*mappings.EventSourceMappings[0].FunctionArn, ":function:"+function) {
		t.Errorf("%s wakes %+v, not %s alone", queue, mappings.EventSourceMappings, function)
	}
}

// checkSecrets wants each channel's secret to be there without a value, and the webhook function to be allowed to read just these.
func (w *world) checkSecrets(t *testing.T, manifest string) {
	t.Helper()
	secrets, allowed := secretsmanager.NewFromConfig(w.config()), w.rolePolicy(t, "omni-webhook", "channel-secrets")
	channels := readManifest(t, manifest)
	for name := range channels {
		secret, err := secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: aws.String("omni/channels/" + name)})
		if err != nil {
			t.Error(err)
			continue
		}
		if len(secret.VersionIdsToStages) > 0 {
			t.Errorf("%s has a value: %v", *secret.Name, secret.VersionIdsToStages)
		}
		if !strings.Contains(allowed, `"`+*secret.ARN+`"`) {
			t.Errorf("the webhook function may not read %s: %s", *secret.ARN, allowed)
		}
	}
	if count := strings.Count(allowed, ":secret:"); count != len(channels) {
		t.Errorf("the webhook function may read %d secrets, not %d: %s", count, len(channels), allowed)
	}
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

// checkFunction wants the function to hold the code that was built, to start with its environment, and to have a role that may do something.
func (w *world) checkFunction(t *testing.T, name, full string) {
	functions := lambda.NewFromConfig(w.config())
	config, err := functions.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &full})
	if err != nil {
		t.Fatal(err)
	}
	if config.Environment == nil {
		t.Fatal("it has no environment")
	}
	if _, err := app.ReadConfig(name, func(variable string) string { return config.Environment.Variables[variable] }); err != nil {
		t.Error(err)
	}
	zip, err := os.ReadFile(filepath.Join(w.builds, name+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(zip); *config.CodeSha256 != base64.StdEncoding.EncodeToString(sum[:]) {
		t.Errorf("it holds other code than %s.zip: %s", name, *config.CodeSha256)
	}
	if !strings.HasSuffix(*config.Role, ":role/"+full) {
		t.Errorf("it has the role %s", *config.Role)
	}
	w.checkRole(t, full)
}

func (w *world) checkRole(t *testing.T, role string) {
	t.Helper()
	policies, err := iam.NewFromConfig(w.config()).ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &role})
	if err != nil {
		t.Fatal(err)
	}
	if len(policies.PolicyNames) < 2 {
		t.Errorf("it may only %v", policies.PolicyNames)
	}
}
