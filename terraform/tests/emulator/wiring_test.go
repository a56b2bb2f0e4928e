package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/app"
	"omni/terraform/tests/policy"
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
	t.Run("queues lead to their dead letter queues and consumers", func(t *testing.T) { w.checkQueues(t, w.manifest) })
	t.Run("the agents' requests lead to the api function, with a token", w.checkAgents)
	t.Run("sockets lead to the realtime function", w.checkSockets)
	t.Run("the dashboard's files are in their bucket", w.checkDashboard)
	t.Run("channels have a secret without a value", func(t *testing.T) { w.checkSecrets(t, w.manifest) })
	for name, full := range functions {
		t.Run(name, func(t *testing.T) { w.checkFunction(t, name, full) })
	}
}

// checkRoutes follows every route of the manifest from the API to the function, which has to let itself be invoked.
func (w *world) checkRoutes(t *testing.T, manifest string) {
	t.Helper()
	gateway := apigatewayv2.NewFromConfig(w.config())
	api := w.api(t, gateway, "omni")
	targets := w.targets(t, gateway, api)
	leads := func(key, function string) {
		if !strings.Contains(targets[key], ":function:omni-"+function) {
			t.Errorf("%s leads to %q", key, targets[key])
		}
		delete(targets, key)
	}
	for name, channel := range readManifest(t, manifest) {
		for _, route := range channel.Routes {
			leads(route.Key, "webhook")
		}
		if channel.Hosted {
			leads("ANY /visitors/"+name+"/{account}/{proxy+}", "visitor")
		}
	}
	if len(targets) > 0 {
		t.Errorf("these routes are in no manifest: %v", targets)
	}
	w.checkInvocation(t, "omni-webhook", api, "/*/*/webhooks/*")
}

// targets follows every route of the API to the function that it invokes.
func (w *world) targets(t *testing.T, gateway *apigatewayv2.Client, api string) map[string]string {
	t.Helper()
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
	return targets
}

// api finds an API of the stack by its name.
func (w *world) api(t *testing.T, gateway *apigatewayv2.Client, name string) string {
	t.Helper()
	apis, err := gateway.GetApis(t.Context(), &apigatewayv2.GetApisInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range apis.Items {
		if *api.Name == name {
			return *api.ApiId
		}
	}
	t.Fatalf("there is no API called %s", name)
	return ""
}

// checkInvocation wants the function to let itself be invoked by what begins with the path at the API.
func (w *world) checkInvocation(t *testing.T, function, api, path string) {
	t.Helper()
	answer, err := lambda.NewFromConfig(w.config()).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: &function})
	if err != nil {
		t.Fatal(err)
	}
	if text := *answer.Policy; !strings.Contains(text, "apigateway.amazonaws.com") || !strings.Contains(text, ":"+api+path) {
		t.Errorf("the API %s may not invoke %s: %s", api, function, text)
	}
}

// readManifest returns the channels by name.
func readManifest(t *testing.T, file string) map[string]policy.Channel {
	t.Helper()
	channels, err := policy.ReadManifest(file)
	if err != nil {
		t.Fatal(err)
	}
	return channels
}

// consumers says who is to read each queue.
func consumers(t *testing.T, manifest string) map[string]string {
	t.Helper()
	readers := map[string]string{
		"messages": "omni-processor", "bulk": "omni-processor", "timer": "omni-timer", "media": "omni-media", "deliveries": "omni-deliverer",
		"pushes": "omni-pusher",
	}
	for channel := range readManifest(t, manifest) {
		readers["outbound-"+channel] = "omni-sender"
	}
	return readers
}

func (w *world) checkQueues(t *testing.T, manifest string) {
	t.Helper()
	consumer, dead := consumers(t, manifest), output[map[string]string](t, w.omni, "dead_letter_queue_urls")
	queues := output[map[string]string](t, w.omni, "queue_urls")
	if len(queues) != len(consumer) {
		t.Errorf("there are the queues %v, but consumers for %v", queues, consumer)
	}
	for name, address := range queues {
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

// checkFunction wants the function to hold the code that was built, to start with its environment, and to have a role of its own that may send
// where it has to.
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
	w.checkSends(t, full, config.Environment.Variables)
}
