package dev

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"omni/tools/omni/state"
	"omni/tools/omni/web"
)

// repository is a folder with sources of a dashboard that nothing can be built from: there is no such script.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	put(t, filepath.Join(root, "web", "package.json"), `{"scripts": {}}`)
	return root
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWithoutADashboardTheReasonIsSaid(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	site, err := Dashboard{Root: repository(t)}.open(t.Context(), &said)
	if site != nil || err == nil || !strings.Contains(said.String(), "was not built") {
		t.Errorf("%v, %v\n%s", site, err, said.String())
	}
	if site, err := (Dashboard{}).open(t.Context(), &said); site != nil || !errors.Is(err, errNoDashboard) {
		t.Errorf("nobody wants one: %v, %v", site, err)
	}
	if site, err := (Dashboard{Root: t.TempDir()}).open(t.Context(), &said); site != nil || !errors.Is(err, web.ErrNoSource) {
		t.Errorf("there is no web/: %v, %v", site, err)
	}
	if site, err := (Dashboard{Dir: t.TempDir()}).open(t.Context(), &said); site != nil || err == nil {
		t.Errorf("a folder without pages: %v, %v", site, err)
	}
}

func TestADashboardThatWasBuiltBeforeIsBetterThanNone(t *testing.T) {
	t.Parallel()
	root := repository(t)
	put(t, filepath.Join(root, "build", "web", "index.html"), "<title>before</title>")
	var said strings.Builder
	site, err := Dashboard{Root: root}.open(t.Context(), &said)
	if site == nil || err != nil || !strings.Contains(said.String(), "built before") {
		t.Errorf("%v, %v\n%s", site, err, said.String())
	}
}

func TestTheGreetingSaysWhereToLook(t *testing.T) {
	t.Parallel()
	simulated := state.Dev{URL: "http://[::]:8080", PlatformsURL: "http://127.0.0.1:1"}
	for name, c := range map[string]struct {
		running state.Dev
		missing error
		want    string
	}{
		"everything":     {simulated, nil, "\n  dashboard  http://localhost:8080/\n  simulator  http://localhost:8080/simulator ("},
		"real platforms": {state.Dev{URL: "http://127.0.0.1:9"}, nil, "\n  dashboard  http://127.0.0.1:9/\n  database"},
		"broken":         {simulated, errors.New("npm: exit status 2\nand so on"), "\n  dashboard  none: npm: exit status 2\n  database"},
		"not wanted":     {simulated, errNoDashboard, "running.\n\n  database"},
	} {
		var out strings.Builder
		greet(&out, c.running, c.missing)
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%s:\n%s", name, out.String())
		}
	}
}
