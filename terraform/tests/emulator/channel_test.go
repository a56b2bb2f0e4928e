package emulator

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// inPlace are the resources that a channel more or less may update, and which of their attributes: code, which links every channel, what
// functions may do with the channels' secrets and queues, how many instances read these, and the dashboard. An object's source differs only
// because this test keeps its changed zips elsewhere.
var inPlace = map[string][]string{
	"aws_lambda_function":      {"code_sha256", "last_modified", "qualified_arn", "qualified_invoke_arn", "source_code_hash", "source_code_size", "version"},
	"aws_s3_object":            {"etag", "source", "source_hash", "version_id"},
	"aws_cloudwatch_dashboard": {"dashboard_body"},

	`module.deadletter.aws_lambda_function.this`: {"reserved_concurrent_executions"},
	`module.sender.aws_lambda_function.this`:     {"reserved_concurrent_executions"},

	`aws_iam_role_policy.channel_secrets`:                             {"policy"},
	`module.sender.aws_iam_role_policy.permission["channel-secrets"]`: {"policy"},
	`module.media.aws_iam_role_policy.permission["channel-secrets"]`:  {"policy"},

	`module.processor.aws_iam_role_policy.permission["send-outside"]`:  {"policy"},
	`module.deadletter.aws_iam_role_policy.permission["send-outside"]`: {"policy"},
	`module.sweeper.aws_iam_role_policy.permission["send-outside"]`:    {"policy"},
	`module.timer.aws_iam_role_policy.permission["send-outside"]`:      {"policy"},
	`module.api.aws_iam_role_policy.permission["send-outside"]`:        {"policy"},
}

// channelKinds are what a channel is made of: its webhooks, its secret, its outbound queue with what reads it, and alarms.
var channelKinds = []string{
	"aws_apigatewayv2_route", "aws_cloudwatch_metric_alarm", "aws_iam_role_policy", "aws_lambda_event_source_mapping", "aws_secretsmanager_secret",
	"aws_sqs_queue",
}

// migrated is replaced with every new code: it is no thing, but the call of the migrate function.
const migrated = "aws_lambda_invocation.migrate"

func (w *world) testChannel(t *testing.T) {
	manifest, builds := w.withPigeon(t), changedBuilds(t, w.builds)
	more := []string{"manifest=" + manifest, "build_folder=" + builds}
	plan, err := w.omni.Plan(t.Context(), more...)
	if err != nil {
		t.Fatal(err)
	}
	added := onlyPigeon(t, plan, tfjson.ActionCreate)
	if diff := cmp.Diff(channelKinds, kinds(added)); diff != "" {
		t.Errorf("a channel is made of (-want +got):\n%s", diff)
	}
	if err := w.omni.Apply(t.Context(), progress(t, "omni"), more...); err != nil {
		t.Fatal(err)
	}
	noDrift(t, "omni with a channel more", w.omni, more...)
	w.checkRoutes(t, manifest)
	w.checkSecrets(t, manifest)
	w.checkQueues(t, manifest)

	plan, err = w.omni.Plan(t.Context(), "build_folder="+builds)
	if err != nil {
		t.Fatal(err)
	}
	removed := onlyPigeon(t, plan, tfjson.ActionDelete)
	if diff := cmp.Diff(addresses(added), addresses(removed)); diff != "" {
		t.Errorf("without the channel everything goes that came with it (-came +goes):\n%s", diff)
	}
}

// withPigeon writes a manifest with one channel more: a copy of WhatsApp.
func (w *world) withPigeon(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(w.manifest)
	if err != nil {
		t.Fatal(err)
	}
	var channels map[string]json.RawMessage
	if err := json.Unmarshal(content, &channels); err != nil {
		t.Fatal(err)
	}
	channels["pigeon"] = bytes.ReplaceAll(channels["whatsapp"], []byte("/whatsapp"), []byte("/pigeon"))
	if content, err = json.Marshal(channels); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "channels.json")
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// changedBuilds copies the zips with a byte more, as every function's code changes when it links another channel.
func changedBuilds(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	zips, err := filepath.Glob(filepath.Join(from, "*.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatal("there are no zips in ", from, err)
	}
	for _, zip := range zips {
		content, err := os.ReadFile(zip)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(zip)), append(content, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// onlyPigeon wants the plan to do this with the channel's own resources, and to update others only where it may. It returns the channel's own.
func onlyPigeon(t *testing.T, plan *tfjson.Plan, action tfjson.Action) map[string]change {
	t.Helper()
	own := map[string]change{}
	for address, c := range changes(plan) {
		switch {
		case strings.Contains(address, "pigeon"):
			own[address] = c
			if !slices.Equal(c.actions, tfjson.Actions{action}) {
				t.Errorf("the plan would %v the new channel's %s", c.actions, address)
			}
		case address == migrated:
		case !c.actions.Update():
			t.Errorf("the plan would %v %s", c.actions, address)
		default:
			checkAttributes(t, address, c)
		}
	}
	return own
}

func checkAttributes(t *testing.T, address string, c change) {
	t.Helper()
	for _, attribute := range c.attributes {
		if !slices.Contains(inPlace[c.kind], attribute) && !slices.Contains(inPlace[address], attribute) {
			t.Errorf("the plan would update %s of %s", attribute, address)
		}
	}
}

func kinds(changes map[string]change) []string {
	var found []string
	for _, c := range changes {
		found = append(found, c.kind)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func addresses(changes map[string]change) []string {
	var found []string
	for address := range changes {
		found = append(found, address)
	}
	slices.Sort(found)
	return found
}
