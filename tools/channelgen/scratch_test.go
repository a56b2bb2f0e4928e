package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is the root of this repository, seen from this package.
const repository = "../.."

// scratch makes a module that holds the contract of channels and the channels in the given folder.
func scratch(t *testing.T, folder string) (root string) {
	t.Helper()
	root = t.TempDir()
	for _, file := range []string{"go.mod", "go.sum"} {
		writeFile(t, filepath.Join(root, file), readFile(t, filepath.Join(repository, file)))
	}
	sources, err := filepath.Glob(filepath.Join(repository, "channels", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		if !strings.HasSuffix(source, "_test.go") {
			writeFile(t, filepath.Join(root, "channels", filepath.Base(source)), readFile(t, source))
		}
	}
	for path, content := range snapshot(t, folder) {
		writeFile(t, filepath.Join(root, "channels", path), content)
	}
	return root
}

// copyRepository makes a copy of this repository as a clone of a commit of everything would be: without build output and local files.
func copyRepository(t *testing.T) (root string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = repository
	out, err := list.Output()
	if err != nil {
		t.Skipf("the files of the repository are listed by git: %v", err)
	}
	root = t.TempDir()
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		source := filepath.Join(repository, path)
		// A file may be deleted and still in the index, or a link to somewhere else: neither is a file to copy.
		if info, err := os.Lstat(source); err == nil && info.Mode().IsRegular() {
			writeFile(t, filepath.Join(root, path), readFile(t, source))
		}
	}
	return root
}

// snapshot returns the content of every file below the folder, by its path with slashes. A folder that does not exist has none.
func snapshot(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) && path == "." {
			return nil
		}
		if err == nil && entry.Type().IsRegular() {
			files[path] = readFile(t, filepath.Join(folder, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// mustRun runs the command, which must succeed, and returns its summary.
func mustRun(t *testing.T, folder string) (summary string) {
	t.Helper()
	status, output := run(t.Context(), folder, nil)
	if status != 0 {
		t.Fatalf("status %d, %s", status, output)
	}
	return output
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
