// Package fallback runs the function that CloudFront runs before it looks for a file of the dashboard.
package fallback

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"omni/terraform/tests/stack"
)

// run calls the function with every event that it reads, and writes the paths that come out.
const run = `
const handler = new Function(require("fs").readFileSync(process.argv[1], "utf8") + "; return handler;")();
const events = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(events.map((event) => handler(event).uri)));
`

type header struct {
	Value string `json:"value"`
}

type request struct {
	Method  string            `json:"method"`
	URI     string            `json:"uri"`
	Headers map[string]header `json:"headers"`
}

type event struct {
	Request request `json:"request"`
}

// What browsers accept when they navigate, and when a script asks.
const (
	navigation = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	script     = "*/*"
)

var cases = []struct{ uri, accept, want string }{
	{"/", navigation, "/index.html"},
	{"/conversations/01a20446-0000-7000-8000-000000000001", navigation, "/index.html"},
	{"/callback", navigation, "/index.html"},
	{"/settings/", navigation, "/index.html"},
	{"/index.html", navigation, "/index.html"},
	{"/assets/index-0a1b2c3d.js", navigation, "/assets/index-0a1b2c3d.js"},
	{"/assets/index-gone.js", script, "/assets/index-gone.js"},
	{"/config.json", script, "/config.json"},
	{"/conversations", script, "/conversations"},
	{"/conversations", "", "/conversations"},
}

func TestPathsOfTheDashboardAreThePage(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("the function before the dashboard was not run: there is no Node here")
	}
	var events []event
	for _, c := range cases {
		headers := map[string]header{}
		if c.accept != "" {
			headers["accept"] = header{c.accept}
		}
		events = append(events, event{request{"GET", c.uri, headers}})
	}
	got := call(t, node, events)
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s, accepting %q, becomes %s, not %s", c.uri, c.accept, got[i], c.want)
		}
	}
}

func call(t *testing.T, node string, events []event) (paths []string) {
	t.Helper()
	input, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	command := exec.CommandContext(t.Context(), node, "-e", run, filepath.Join(stack.Repository(t), "terraform", "modules", "web", "fallback.js"))
	command.Stdin, command.Stderr = bytes.NewReader(input), &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	if err := json.Unmarshal(output, &paths); err != nil || len(paths) != len(events) {
		t.Fatalf("it wrote %s: %v", output, err)
	}
	return paths
}
