package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tutorialFile is a file that the tutorial shows: its path, and below it its content.
var tutorialFile = regexp.MustCompile("(?ms)^`(channels/pigeon/[^`]+)`\\n\\n```\\w+\\n(.*?)^```$")

// TestAddingAChannel drops two folders into a copy of this repository, one that follows docs/adding-a-channel.md and one that is the
// channel telegram by another name. No file outside them and gen/ may change, and the result builds and passes the tests of channels.
func TestAddingAChannel(t *testing.T) {
	t.Parallel()
	root := copyRepository(t)
	before := snapshot(t, root)
	addPigeon(t, root)
	addCourier(t, root)
	mustRun(t, filepath.Join(root, "channels"))
	after := snapshot(t, root)
	for path := range changed(before, after) {
		if !strings.HasPrefix(path, "gen/") && !strings.HasPrefix(path, "channels/pigeon/") && !strings.HasPrefix(path, "channels/courier/") {
			t.Errorf("%s was changed", path)
		}
	}
	for path, mention := range map[string]string{
		"gen/dispatch/dispatch.go":     `{Key: "POST /webhooks/courier/{account}", Channel: "courier"},`,
		"gen/simulators/simulators.go": `_ "omni/channels/courier/simulator"`,
		"gen/channels.json":            `"courier": {`,
		"gen/CHANNELS.md":              "`/webhooks/courier/{account}`",
	} {
		if !strings.Contains(after[path], mention) {
			t.Errorf("%s lacks %s:\n%s", path, mention, after[path])
		}
	}
	goTool(t, root, "build", "./gen/...", "./channels/...")
	goTool(t, root, "test", "./channels/pigeon", "-update")
	goTool(t, root, "test", "./channels/pigeon/...")
	goTool(t, root, "test", "./channels", "-run", "^(TestRoutes|TestConformance)$/^(pigeon|courier)?$")
}

// addPigeon writes the files that the tutorial shows.
func addPigeon(t *testing.T, root string) {
	t.Helper()
	files := tutorialFile.FindAllStringSubmatch(readFile(t, filepath.Join(repository, "docs/adding-a-channel.md")), -1)
	if len(files) == 0 {
		t.Fatal("the tutorial shows no files")
	}
	for _, file := range files {
		writeFile(t, filepath.Join(root, file[1]), file[2])
	}
}

// addCourier copies the channel telegram under another name.
func addCourier(t *testing.T, root string) {
	t.Helper()
	rename := strings.NewReplacer(
		`"telegram"`, `"courier"`, "package telegram", "package courier", "omni/channels/telegram", "omni/channels/courier",
	)
	for path, content := range snapshot(t, filepath.Join(root, "channels/telegram")) {
		if strings.HasSuffix(path, ".go") {
			content = rename.Replace(content)
		}
		writeFile(t, filepath.Join(root, "channels/courier", strings.ReplaceAll(path, "telegram", "courier")), content)
	}
}

// changed returns the paths of the files that were added, removed or edited.
func changed(before, after map[string]string) map[string]bool {
	paths := map[string]bool{}
	for path, content := range after {
		if old, ok := before[path]; !ok || old != content {
			paths[path] = true
		}
	}
	for path := range before {
		if _, ok := after[path]; !ok {
			paths[path] = true
		}
	}
	return paths
}

// goTool runs a command of the go tool in a copy, without what `go vet ./...` checks in the original already.
func goTool(t *testing.T, root, command string, args ...string) {
	t.Helper()
	flags := []string{command, "-buildvcs=false"}
	if command == "test" {
		flags = append(flags, "-vet=off")
	}
	tool := exec.CommandContext(t.Context(), "go", append(flags, args...)...)
	tool.Dir = root
	if out, err := tool.CombinedOutput(); err != nil {
		t.Errorf("go %s %s: %v\n%s", command, strings.Join(args, " "), err, out)
	}
}
