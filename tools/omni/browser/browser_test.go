package browser

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// program puts a program into the folder that says what it is.
func program(t *testing.T, dir, name, script string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheBrowserThatIsThereIsFound(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv(Variable, "")
	want := program(t, dir, "google-chrome", "echo ' Chrome 1.2 '")
	path, version, err := Ensure(t.Context(), false, &bytes.Buffer{})
	if path != want || version != "Chrome 1.2" || err != nil {
		t.Errorf("%q, %q, %v", path, version, err)
	}
	want = program(t, dir, "another", "echo Another 3")
	t.Setenv(Variable, want)
	if path, version, err := Ensure(t.Context(), false, &bytes.Buffer{}); path != want || version != "Another 3" || err != nil {
		t.Errorf("%q, %q, %v, want the one that is named", path, version, err)
	}
}

func TestAMissingBrowserIsInstalledIfThatIsWanted(t *testing.T) {
	dir, all := t.TempDir(), names
	names = []string{"chromium"} // a Mac's own would be found
	t.Cleanup(func() { names = all })
	t.Setenv("PATH", dir)
	t.Setenv(Variable, "")
	if _, _, err := Ensure(t.Context(), false, &bytes.Buffer{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want the advice", err)
	}
	for _, manager := range []string{"apt-get", "brew"} {
		program(t, dir, manager, "printf '#!/bin/sh\\necho Chromium 9\\n' > '"+dir+"/chromium'; /bin/chmod 700 '"+dir+"/chromium'")
	}
	path, version, err := Ensure(t.Context(), true, &bytes.Buffer{})
	if path != filepath.Join(dir, "chromium") || version != "Chromium 9" || err != nil {
		t.Errorf("%q, %q, %v", path, version, err)
	}
}
