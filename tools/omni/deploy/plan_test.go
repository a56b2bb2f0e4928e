package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// change is a planned change of a resource that exists.
func change(resourceType string, before map[string]any, actions ...tfjson.Action) *tfjson.ResourceChange {
	return &tfjson.ResourceChange{
		Address: resourceType + ".x", Mode: tfjson.ManagedResourceMode, Type: resourceType, Name: "x",
		Change: &tfjson.Change{Actions: actions, Before: before},
	}
}

// within is the change of a resource in a module.
func within(module string, c *tfjson.ResourceChange) *tfjson.ResourceChange {
	c.ModuleAddress, c.Address = module, module+"."+c.Address
	return c
}

func TestWhatIsProtectedIsNotDestroyed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change *tfjson.ResourceChange
		want   bool
	}{
		"a protected database":  {change("aws_rds_cluster", map[string]any{"deletion_protection": true}, tfjson.ActionDelete), true},
		"a database":            {change("aws_rds_cluster", map[string]any{"deletion_protection": false}, tfjson.ActionDelete), false},
		"a protected user pool": {change("aws_cognito_user_pool", map[string]any{"deletion_protection": "ACTIVE"}, tfjson.ActionDelete), true},
		"a user pool":           {change("aws_cognito_user_pool", map[string]any{"deletion_protection": "INACTIVE"}, tfjson.ActionDelete), false},
	} {
		err := newJob(Options{}).unprotected(summarize(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{c.change}}))
		if (err != nil) != c.want || c.want && !strings.Contains(err.Error(), c.change.Address) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADashboardThatCannotBeBuilt(t *testing.T) {
	source := t.TempDir()
	if err := os.MkdirAll(filepath.Join(source, "web"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "web", "package.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir()) // where no program is
	var out strings.Builder
	if err := newJob(Options{Source: source, Out: &out}).buildDashboard(t.Context()); err == nil || !strings.Contains(err.Error(), "Node") {
		t.Errorf("without Node the deploy went on: %v", err)
	}
	if err := newJob(Options{Source: source, Out: &out, Built: true}).buildDashboard(t.Context()); err != nil {
		t.Errorf("what is built already is built again: %v", err)
	}
}

func TestWhatIsLostIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change *tfjson.ResourceChange
		want   string // in the one loss; empty: nothing is lost
		grave  bool
	}{
		"a database":             {change("aws_rds_cluster", map[string]any{"skip_final_snapshot": true}, tfjson.ActionDelete), "NO final snapshot", true},
		"a replaced database":    {change("aws_rds_cluster", nil, tfjson.ActionDelete, tfjson.ActionCreate), "every contact", true},
		"one with a snapshot":    {change("aws_rds_cluster", map[string]any{"final_snapshot_identifier": "omni-final-1"}, tfjson.ActionDelete), "kept: omni-final-1", true},
		"a queue":                {change("aws_sqs_queue", nil, tfjson.ActionDelete), "messages that wait", true},
		"a bucket":               {change("aws_s3_bucket", nil, tfjson.ActionCreate, tfjson.ActionDelete), "what is in the bucket", true},
		"a secret":               {change("aws_secretsmanager_secret", map[string]any{"recovery_window_in_days": 7}, tfjson.ActionDelete), "keeps it for 7 days", false},
		"a secret for good":      {change("aws_secretsmanager_secret", map[string]any{"recovery_window_in_days": 0}, tfjson.ActionDelete), "for good", false},
		"a user pool":            {change("aws_cognito_user_pool", nil, tfjson.ActionDelete), "invited anew", true},
		"a dashboard's address":  {change("aws_cloudfront_distribution", nil, tfjson.ActionDelete), "address", false},
		"the webhooks' API":      {within("module.gateway", change("aws_apigatewayv2_api", nil, tfjson.ActionDelete)), "the webhook URLs", false},
		"the agents' API":        {within("module.agents_gateway", change("aws_apigatewayv2_api", nil, tfjson.ActionDelete)), "", false},
		"an alarm":               {change("aws_cloudwatch_metric_alarm", nil, tfjson.ActionDelete), "", false},
		"a queue that is new":    {change("aws_sqs_queue", nil, tfjson.ActionCreate), "", false},
		"a queue that is edited": {change("aws_sqs_queue", map[string]any{}, tfjson.ActionUpdate), "", false},
	} {
		s := summarize(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{c.change}})
		losses := s.losses()
		if s.grave() != c.grave || len(losses) > 1 || (len(losses) == 1) != (c.want != "") {
			t.Errorf("%s: losses %v, grave %t", name, losses, s.grave())
		}
		var out strings.Builder
		s.print(&out, "")
		if c.want != "" && (!strings.Contains(out.String(), "THIS DESTROYS DATA") || !strings.Contains(out.String(), c.want)) {
			t.Errorf("%s: want %q in:\n%s", name, c.want, out.String())
		}
	}
}

func TestApproval(t *testing.T) {
	t.Parallel()
	harmless := summary{Prefix: "omni", Create: []*tfjson.ResourceChange{change("aws_sqs_queue", nil, tfjson.ActionCreate)}}
	harmful := summary{Prefix: "omni", Destroy: []*tfjson.ResourceChange{change("aws_sqs_queue", nil, tfjson.ActionDelete)}}
	const nobody = "nobody is asked"
	for name, c := range map[string]struct {
		summary summary
		options Options
		answer  string // what is typed; nobody: the question must not come
		want    string // in the error; empty: approved
	}{
		"yes":                     {harmless, Options{}, "", ""},
		"no":                      {harmless, Options{}, "no", "nothing was changed"},
		"--yes":                   {harmless, Options{Yes: true}, nobody, ""},
		"the prefix":              {harmful, Options{}, "omni", ""},
		"a mere yes":              {harmful, Options{}, "yes", "nothing was changed"},
		"--yes to a loss":         {harmful, Options{Yes: true}, nobody, "--allow-loss"},
		"--allow-loss alone":      {harmful, Options{AllowLoss: true}, "omni", ""},
		"--yes with --allow-loss": {harmful, Options{Yes: true, AllowLoss: true}, nobody, ""},
	} {
		c.options.Ask = func(_, want string) (bool, error) {
			if c.answer == nobody {
				t.Errorf("%s: somebody is asked", name)
			}
			return c.answer == want, nil
		}
		err := newJob(c.options).approve(t.Context(), c.summary)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAnInterruptedQuestion(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	var o Options
	o.Ask = func(string, string) (bool, error) {
		interrupt()
		<-t.Context().Done() // nobody ever answers
		return true, nil
	}
	err := newJob(o).approve(ctx, summary{Create: []*tfjson.ResourceChange{change("aws_sqs_queue", nil, tfjson.ActionCreate)}})
	if !errors.Is(err, context.Canceled) || err.Error() != "stopped; nothing was changed" {
		t.Errorf("%v", err)
	}
}

func TestAPlanForAnotherStackIsRefused(t *testing.T) {
	t.Parallel()
	held := map[string]any{"chat": "omni/channels/chat"}
	for name, c := range map[string]struct {
		before any
		prefix string
		want   string
	}{
		"the same":        {held, "omni", ""},
		"another":         {held, "trial", `holds the stack "omni", which a deploy of "trial" would destroy`},
		"a new stack":     {nil, "trial", ""},
		"without prefix":  {held, "", ""},
		"nothing to know": {map[string]any{"chat": 7}, "trial", ""},
	} {
		err := sameStack(&tfjson.Plan{OutputChanges: map[string]*tfjson.Change{"secret_names": {Before: c.before}}}, c.prefix)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if err := sameStack(&tfjson.Plan{}, "trial"); err != nil {
		t.Error(err)
	}
}

func TestErrorsInPlainWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ summary, detail, want string }{
		"permission": {"creating SQS Queue (omni-messages.fifo)", "operation error SQS: CreateQueue, api error AccessDenied: User: arn:aws:iam::1:user/x is not authorized to perform: sqs:CreateQueue on resource: y",
			"may not do sqs:CreateQueue."},
		"expired":          {"Retrieving AWS account details", "api error ExpiredToken: The security token included in the request is expired", "Sign in again"},
		"provider":         {"Failed to query available provider packages", "could not connect to registry.terraform.io", "has to reach registry.terraform.io"},
		"stale":            {"Saved plan is stale", "", "it plans anew"},
		"exists":           {"creating IAM Role (omni-webhook)", "EntityAlreadyExists: Role with name omni-webhook already exists.", "another stack with the same --prefix"},
		"secret":           {"creating Secrets Manager Secret", "You can't create this secret because a secret with this name is already scheduled for deletion.", "waits for its deletion"},
		"protection":       {"deleting RDS Cluster (omni)", "InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection", "protected against deletion"},
		"a protected pool": {"deleting Cognito User Pool", "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated.", "protected against deletion"},
		"instances":        {"setting Lambda Function concurrency", "InvalidParameterValueException: decreases account's UnreservedConcurrentExecution below its minimum value", "reserve_concurrency=false"},
		"quota":            {"creating EC2 VPC", "VpcLimitExceeded: The maximum number of VPCs has been reached.", "quota"},
		"value":            {"Invalid value for variable", "zones is 3, but has to be 1 or 2.", "not allowed"},
		"required":         {"No value for required variable", `The root module input variable "x" is not set`, "has no value"},
		"lock":             {"Error acquiring the state lock", "Lock Info:\n  ID:        abc-1\n  Who:       ada@laptop\n  Operation: OperationTypeApply\n  Created:   2026-11-22 19:00 UTC\n", "terraform -chdir=tf force-unlock abc-1"},
		"bare lock":        {"Error acquiring the state lock", "busy", "locked by another run"},
		"unknown":          {"Something odd", "happened\n  twice", ""},
	} {
		err := &failure{diagnostics: []diagnostic{{Severity: "error", Summary: c.summary, Detail: c.detail}}, err: errors.New("exit status 1"), root: "tf"}
		text := err.Error()
		if !strings.Contains(text, c.want) || !strings.Contains(text, "Terraform says: "+c.summary) {
			t.Errorf("%s: want %q and the original in:\n%s", name, c.want, text)
		}
		if first, _, _ := strings.Cut(text, "\n"); (c.want == "") != strings.HasPrefix(first, "Terraform says: ") {
			t.Errorf("%s begins with %q", name, first)
		}
		if locked(fmt.Errorf("applying: %w", err)) != strings.Contains(name, "lock") {
			t.Errorf("%s: taken for a lock, or not", name)
		}
	}
	if text := (&failure{err: errors.New("exit status 1\nno such command")}).Error(); text != "Terraform failed: exit status 1\nno such command" {
		t.Errorf("without diagnostics: %q", text)
	}
}

func TestMigrationText(t *testing.T) {
	t.Parallel()
	for result, want := range map[string]string{
		`{"applied": [{"version": 1, "name": "inbox"}, {"version": 4, "name": "roles"}]}`: "Migrations: applied 00001 inbox, 00004 roles",
		`{"applied": []}`: "Migrations: the schema was up to date",
		`{}`:              "Migrations ran and returned {}",
		``:                "Migrations ran and returned nothing",
	} {
		if got := migrationText(result); got != want {
			t.Errorf("%s: %q, want %q", result, got, want)
		}
	}
}

func TestVariablesOnTheCommandLineCountLast(t *testing.T) {
	t.Parallel()
	given := make([]string, 1, 8)
	given[0] = "zones=2"
	j := newJob(Options{Vars: given, Prefix: "trial"})
	if diff := cmp.Diff([]string{"zones=2", "prefix=trial"}, j.vars()); diff != "" {
		t.Error(diff)
	}
}
