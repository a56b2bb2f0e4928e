package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/terraform/tests/stack"
)

// looks are the stacks that the rules are held against. A plan leaves open what AWS will choose, so the environments of the functions and most
// policies are only in the mocked stack; tags, which the provider adds, only in the plans.
type looks struct{ small, production, mocked Stack }

// TestPolicy plans the root module in its two shapes with the real provider, for which the emulator answers, and holds every rule against them.
// The round on the emulator holds the rules against what was applied.
func TestPolicy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it plans the stack, for half a minute")
	}
	seen := look(t)
	for name, s := range map[string]Stack{"small": seen.small, "production": seen.production} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, rule := range Rules() {
				hold(t, rule, s)
			}
		})
	}
	t.Run("mocked", func(t *testing.T) {
		t.Parallel()
		for _, rule := range Rules() {
			if rule.OnMocks {
				hold(t, rule, seen.mocked)
			}
		}
	})
	t.Run("exceptions", func(t *testing.T) {
		t.Parallel()
		checkExceptions(t, seen.mocked)
	})
	t.Run("mistakes", func(t *testing.T) {
		t.Parallel()
		findMistakes(t, seen)
	})
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		checkDocumentation(t, seen.production)
		checkCosts(t, seen.production)
	})
}

func hold(t *testing.T, rule Rule, s Stack) {
	t.Helper()
	t.Run(rule.Name, func(t *testing.T) {
		for _, sentence := range rule.Check(s) {
			t.Error(sentence)
		}
	})
}

// look plans both shapes, and applies with a mocked provider.
func look(t *testing.T) looks {
	t.Helper()
	repository := stack.Repository(t)
	s := stack.New(t, stack.StartEmulator(t), "build_folder=tests/fixtures/build", "web_folder=tests/fixtures/web", "manifest="+filepath.Join(repository, "gen", "channels.json"))
	project, err := ReadProject(repository, "omni")
	if err != nil {
		t.Fatal(err)
	}
	var seen looks
	var looking sync.WaitGroup
	looking.Go(func() {
		state, err := s.Mocked(t.Context(), filepath.Join(repository, "gen", "channels.json"))
		if err != nil {
			t.Error(err)
			return
		}
		seen.mocked = FromState(project, state)
	})
	for shape, to := range map[string]*Stack{"small": &seen.small, "production": &seen.production} {
		looking.Go(func() {
			plan, err := s.PlanFile(t.Context(), filepath.Join("examples", shape+".tfvars"))
			if err != nil {
				t.Error(err)
				return
			}
			*to = FromPlan(project, plan)
		})
	}
	looking.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return seen
}

// checkExceptions refuses an exception without a reason, or that nothing needs any more.
func checkExceptions(t *testing.T, s Stack) {
	for _, e := range exceptions {
		used := slices.ContainsFunc(s.Resources, func(resource Resource) bool {
			return slices.ContainsFunc(statements(resource.text("policy")), func(statement statement) bool { return e.covers(resource, statement) })
		})
		if !used || e.Reason == "" {
			t.Errorf("the exception for %s %q is used: %t, its reason is %q", e.Type, e.Sid, used, e.Reason)
		}
	}
}

// checkDocumentation holds the table of alarms in docs/operate.md against the alarms that there are.
func checkDocumentation(t *testing.T, s Stack) {
	content, err := os.ReadFile(filepath.Join(stack.Repository(t), "docs", "operate.md"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, found := range regexp.MustCompile("(?m)^\\| `(<prefix>-[^`]+)` \\| [^|]+ \\| [^|]+ \\|$").FindAllStringSubmatch(string(content), -1) {
		documented = append(documented, found[1])
	}
	slices.Sort(documented)
	if diff := cmp.Diff(Alarms(s), documented); diff != "" {
		t.Errorf("docs/operate.md has to say of every alarm what it means and what to do (- is missing, + is no alarm):\n%s", diff)
	}
	if !strings.Contains(string(content), "## Alarms") {
		t.Error("docs/operate.md has no section Alarms")
	}
}

// checkCosts holds the numbers that the costs at rest are counted by against what there is.
func checkCosts(t *testing.T, s Stack) {
	alarms, consumers := len(s.of("aws_cloudwatch_metric_alarm")), len(s.of("aws_lambda_event_source_mapping"))
	secrets := len(s.of("aws_secretsmanager_secret"))
	example := []string{
		fmt.Sprintf("#   alarms                %d  ", alarms),
		fmt.Sprintf("#   queue polling         %d consumers ", consumers),
		fmt.Sprintf("#   secrets               %d channels + 1 owner ", secrets),
	}
	for file, lines := range map[string][]string{
		"terraform/examples/small.tfvars": example, "terraform/examples/production.tfvars": example,
		"docs/deploy.md": {
			fmt.Sprintf("| alarms | %d x 0.10 |", alarms),
			fmt.Sprintf("| polling of idle queues | %d x 0.30 |", consumers),
			fmt.Sprintf("| secrets | %d x 0.40 |", secrets+1),
		},
	} {
		content, err := os.ReadFile(filepath.Join(stack.Repository(t), file))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(content), line) {
				t.Errorf("%s has to count the costs of what there is: %q", file, line)
			}
		}
	}
}
