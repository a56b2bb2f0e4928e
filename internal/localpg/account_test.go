package localpg

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlaceAsRootAvoidsClosedFolders(t *testing.T) {
	t.Parallel()
	owner, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	if owner == nil {
		t.Skip("this is about running as root")
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	dir, err := place(filepath.Join(closed, "pg"), owner, &log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if !strings.HasPrefix(dir, "/var/tmp/omni-postgres-") {
		t.Errorf("placed in %s", dir)
	}
	if !strings.Contains(log.String(), owner.name) || !strings.Contains(log.String(), dir) {
		t.Errorf("log %q does not say who and where", log.String())
	}
	again, err := place(filepath.Join(closed, "pg"), owner, &log)
	if again != dir || err != nil {
		t.Errorf("the second time: %s, %v", again, err)
	}
}

func TestPlaceRefusesAnothersFolder(t *testing.T) {
	t.Parallel()
	owner, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	if owner == nil {
		t.Skip("only root can make a folder for another user")
	}
	parent, err := os.MkdirTemp("/var/tmp", "omni-place-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(parent) })
	if err := os.Chmod(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "pg")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if _, err := place(dir, owner, &bytes.Buffer{}); err == nil {
		t.Error("placed in a folder of user 12345")
	}
	target := filepath.Join(parent, "link")
	if err := os.Symlink(parent, target); err != nil {
		t.Fatal(err)
	}
	if _, err := place(target, owner, &bytes.Buffer{}); err == nil {
		t.Error("placed in a symbolic link")
	}
}
