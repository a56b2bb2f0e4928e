// Package walls checks who may import whom.
package walls

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed names, for every package of the product, the packages of the product that it may import. A pattern that ends in /... covers a
// tree, as in Go; a package's own line counts, else that of the longest pattern that fits. What no pattern covers may import nothing of ours, so a new package needs a line.
var allowed = map[string][]string{
	"channels":                    {},
	"channels/simulate":           {"channels"},
	"channels/channeltest":        {"channels"},
	"channels/internal/wire":      {},
	"channels/internal/graph":     {"channels", "channels/internal/wire"},
	"channels/internal/graph/...": {"channels", "channels/internal/...", "channels/simulate"},
	"channels/...":                {"channels", "channels/internal/..."},
	"channels/*/simulator":        {"channels", "channels/simulate", "channels/internal/..."},
	"gen/db":                      {},
	"gen/dispatch":                {"channels/..."},
	"gen/simulators":              {"channels/..."},
	"sql":                         {},
	"internal/inbox":              {"channels"},
	"internal/roster":             {"channels", "internal/patience"},
	"internal/patience":           {},
	"internal/throttle":           {},
	"internal/visitor":            {"channels", "internal/inbox", "internal/pipeline", "internal/roster", "internal/throttle"},
	"internal/pipeline":           {"channels", "internal/inbox", "internal/patience", "internal/roster", "internal/throttle"},
	"internal/store":              {"channels", "internal/inbox", "gen/db", "sql"},
	"internal/store/storetest":    {"internal/store", "internal/localpg/pgtest", "sql"},
	"internal/queue":              {"channels", "internal/inbox"},
	"internal/queue/localsqs":     {"internal/flock"},
	"internal/queue/queuetest":    {},
	"internal/blob":               {},
	"internal/outside":            {"channels", "internal/blob", "internal/inbox", "internal/patience", "internal/queue", "internal/roster"},
	"internal/api":                {"channels", "internal/inbox", "internal/patience", "internal/pipeline"},
	"internal/api/apitest":        {"internal/api", "internal/inbox", "internal/store", "internal/store/storetest"},
	"internal/edge":               {"channels", "internal/inbox", "internal/pipeline"},
	"internal/metrics":            {},
	"internal/flock":              {},
	"internal/mototest":           {},
	"internal/sysinstall":         {},
	"internal/localpg":            {"internal/flock", "internal/sysinstall"},
	"internal/localpg/...":        {"internal/localpg", "internal/localpg/...", "internal/flock"},
	"internal/app":                {"channels", "gen/dispatch", "internal/api", "internal/blob", "internal/edge", "internal/inbox", "internal/metrics", "internal/outside", "internal/pipeline", "internal/queue", "internal/roster", "internal/store", "internal/visitor"},
	"lambda/...":                  {"internal/app"},
	"terraform/tests/stack":       {"internal/mototest"},
	"terraform/tests/policy":      {"internal/app", "internal/pipeline", "terraform/tests/stack", "tools/omni/web"},
	"tools/channelgen":            {"channels"},
	"tools/...":                   {"channels/...", "gen/dispatch", "gen/simulators", "internal/...", "tools/..."},
}

// owners names modules from outside that only some packages may import.
var owners = map[string][]string{
	"github.com/jackc/pgx/v5":                                      {"gen/db", "internal/store", "internal/localpg/...", "tools/..."},
	"github.com/aws/aws-sdk-go-v2/service/sqs":                     {"internal/app", "internal/queue", "internal/queue/...", "tools/..."},
	"github.com/aws/aws-sdk-go-v2/service/s3":                      {"internal/app", "internal/blob"},
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi": {"internal/app", "tools/..."},
	"github.com/aws/aws-sdk-go-v2/config":                          {"internal/app", "tools/omni/deploy/identity"},
	"github.com/hashicorp/terraform-exec":                          {"tools/omni/deploy/...", "terraform/tests/..."},
	"github.com/aws/aws-lambda-go/lambda":                          {"internal/app"},
	"github.com/aws/aws-lambda-go/events":                          {"internal/edge", "tools/..."},
	"github.com/pressly/goose/v3":                                  {"internal/store"},
	"github.com/danielgtaylor/huma/v2":                             {"internal/api"},
	"github.com/coder/websocket":                                   {"tools/..."},
	"github.com/alecthomas/kong":                                   {"tools/..."},
}

// maxMain is how many lines the main file of a Lambda may have.
const maxMain = 40

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	packages := list(t)
	if len(packages) < 20 {
		t.Fatalf("go list found only %d packages", len(packages))
	}
	for _, p := range packages {
		from := strings.TrimPrefix(p.ImportPath, "omni/")
		may, rule := longest(from)
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, "omni/")
			if ours && !slices.ContainsFunc(may, func(pattern string) bool { return covers(pattern, to) }) {
				t.Errorf("%s imports %s; it may import %v (rule %q)", from, to, may, rule)
			}
			checkOwner(t, from, imported)
		}
	}
}

func checkOwner(t *testing.T, from, imported string) {
	t.Helper()
	for module, who := range owners {
		if imported != module && !strings.HasPrefix(imported, module+"/") {
			continue
		}
		if !slices.ContainsFunc(who, func(pattern string) bool { return covers(pattern, from) }) {
			t.Errorf("%s imports %s; only %v may", from, imported, who)
		}
	}
}

func TestLambdaMainsAreShort(t *testing.T) {
	t.Parallel()
	mains, err := filepath.Glob("../../lambda/*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatal("no Lambda mains found", err)
	}
	for _, main := range mains {
		content, err := os.ReadFile(main)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(content), "\n"); lines > maxMain {
			t.Errorf("%s has %d lines; %d is the most", main, lines, maxMain)
		}
	}
}

func list(t *testing.T) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	command.Dir = "../.."
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func longest(from string) (may []string, rule string) {
	if may, ok := allowed[from]; ok {
		return may, from
	}
	for pattern, list := range allowed {
		if covers(pattern, from) && len(pattern) > len(rule) {
			may, rule = list, pattern
		}
	}
	return may, rule
}

func covers(pattern, name string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == tree || strings.HasPrefix(name, tree+"/")
	}
	matched, _ := path.Match(pattern, name)
	return matched
}

// TestNothingNamesAHostedChannel holds the product to knowing channels whose platform it is itself by what they can do: their names are in their own folders, in
// what is generated, and in the pages of web/.
func TestNothingNamesAHostedChannel(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile("../../gen/channels.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct{ Hosted bool }
	if err := json.Unmarshal(manifest, &all); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, channel := range all {
		if channel.Hosted {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Skip("no channel is hosted")
	}
	root := os.DirFS("../..")
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (elsewhere(names, file) || strings.HasPrefix(entry.Name(), ".") && file != "."):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains([]string{".go", ".tf", ".hcl", ".sql", ".tmpl", ".tfvars"}, path.Ext(file)):
			return nil
		}
		content, err := fs.ReadFile(root, file)
		for _, name := range names {
			if strings.Contains(strings.ToLower(string(content)), name) {
				t.Errorf("%s names %s", file, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// elsewhere reports whether a folder is one in which hosted channels may be named, or one that is not ours.
func elsewhere(names []string, folder string) bool {
	if name, ok := strings.CutPrefix(folder, "channels/"); ok && slices.Contains(names, name) {
		return true
	}
	return slices.Contains([]string{"web", "gen", "docs", "build"}, folder)
}
