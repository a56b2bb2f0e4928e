// Package emulator applies the root module to an emulator of AWS, with the real provider, and looks at what is there. It takes minutes:
//
//	make emulator
package emulator

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/terraform/tests/policy"
	"omni/terraform/tests/stack"
	"omni/tools/omni/build"
)

var emulate = flag.Bool("emulator", false, "apply the stack to the emulator, which takes minutes")

// A world is an emulated account with two stacks in it.
type world struct {
	endpoint string
	proxy    *proxy
	before   map[string][]string // what the account held before
	builds   string              // folder of the functions' zips
	manifest string
	omni     *stack.Stack
	shop     *stack.Stack // the second stack, whose first applies go wrong
}

func TestRound(t *testing.T) {
	if !*emulate {
		t.Skip("it takes minutes: make emulator")
	}
	w := raise(t)
	t.Run("a second plan is empty", w.testNoDrift)
	t.Run("policy", w.testPolicy)
	t.Run("wiring", w.testWiring)
	t.Run("one channel more and one fewer", w.testChannel)
	t.Run("destroy leaves nothing", w.testDestroy)
}

// raise brings both stacks up. The emulator is not made for as many requests at a time as Terraform sends, so one attempt may be in vain.
func raise(t *testing.T) *world {
	t.Helper()
	repository := stack.Repository(t)
	builds, manifest := t.TempDir(), filepath.Join(t.TempDir(), "channels.json")
	content, err := os.ReadFile(filepath.Join(repository, "gen", "channels.json"))
	if err == nil {
		err = os.WriteFile(manifest, content, 0o644) // what is generated meanwhile does not matter
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := build.All(t.Context(), repository, builds, []string{"arm64"}, func(build.Artifact) {}); err != nil {
		t.Fatal(err)
	}
	for attempt := 1; ; attempt++ {
		w := &world{builds: filepath.Join(builds, "arm64"), manifest: manifest}
		err := w.raise(t)
		if err == nil {
			return w
		}
		if attempt == 2 {
			t.Fatal(err)
		}
		t.Logf("once more, on a new emulator: %v", err)
	}
}

func (w *world) raise(t *testing.T) error {
	t.Helper()
	w.proxy = startProxy(t, stack.StartEmulator(t))
	w.endpoint = w.proxy.url
	w.before = everything(t, w.endpoint)
	w.omni, w.shop = w.new(t, "omni"), w.new(t, "shop")
	var applying sync.WaitGroup
	var failed [2]error
	applying.Go(func() { failed[0] = w.omni.Apply(t.Context(), progress(t, "omni")) })
	applying.Go(func() { failed[1] = w.stumble(t) })
	applying.Wait()
	return errors.Join(failed[:]...)
}

func (w *world) new(t *testing.T, prefix string) *stack.Stack {
	t.Helper()
	return stack.New(t, w.endpoint, "emulator=true", "prefix="+prefix, "manifest="+w.manifest, "build_folder="+w.builds, "web_folder=tests/fixtures/web",
		"database={deletion_protection=false, final_snapshot=false}")
}

// stumble brings the second stack up with two accidents: Terraform is interrupted, and AWS refuses something. Both times the apply is repeated.
func (w *world) stumble(t *testing.T) error {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	err := w.shop.Apply(ctx, func(address string) {
		// A queue takes 25 seconds, and at that time the cluster is being made.
		if strings.HasSuffix(address, ".aws_sqs_queue.dead") && ctx.Err() == nil {
			t.Log("shop: interrupting the apply")
			interrupt()
		}
	})
	if err == nil {
		return errors.New("an apply that was interrupted ended well")
	}
	w.proxy.refuse.Store(true)
	if err = w.shop.Apply(t.Context(), progress(t, "shop, with a refusal")); err == nil {
		return errors.New("an apply without event source mappings ended well")
	}
	if !strings.Contains(err.Error(), refusal) {
		return fmt.Errorf("the second apply was to fail by a refusal: %w", err)
	}
	w.proxy.refuse.Store(false)
	t.Log("shop: repeating the apply, which AWS refused to connect queues for")
	return w.shop.Apply(t.Context(), progress(t, "shop"))
}

// progress tells in the log how far an apply is.
func progress(t *testing.T, name string) func(string) {
	begun, done := time.Now(), 0
	return func(address string) {
		if done++; done%50 == 0 {
			t.Logf("%s: %d resources in %s, the last one is %s", name, done, time.Since(begun).Round(time.Second), address)
		}
	}
}

// both calls it for both stacks at the same time.
func (w *world) both(each func(name string, s *stack.Stack)) {
	var working sync.WaitGroup
	working.Go(func() { each("omni", w.omni) })
	working.Go(func() { each("shop", w.shop) })
	working.Wait()
}

// testPolicy holds the rules against what was applied: nothing in it is unknown any more.
func (w *world) testPolicy(t *testing.T) {
	plan, err := w.omni.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	project, err := policy.ReadProject(stack.Repository(t), "omni")
	if err != nil {
		t.Fatal(err)
	}
	applied := policy.FromPlan(project, plan)
	for _, rule := range policy.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			for _, sentence := range rule.Check(applied) {
				t.Error(sentence)
			}
		})
	}
}

func (w *world) testDestroy(t *testing.T) {
	for kind, there := range everything(t, w.endpoint) {
		if kind != "snapshots" && len(there) <= len(w.before[kind]) {
			t.Errorf("the listing of %s does not see that there are any: %v", kind, there)
		}
	}
	w.both(func(name string, s *stack.Stack) {
		if err := s.Destroy(t.Context(), progress(t, name+", destroyed")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	if diff := cmp.Diff(w.before, everything(t, w.endpoint)); diff != "" {
		t.Errorf("the account is not as it was (+ is left, - is gone):\n%s", diff)
	}
}
