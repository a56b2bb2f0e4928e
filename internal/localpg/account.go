package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is the user that the server runs as. nil: this process's own.
type account struct {
	name     string
	uid, gid uint32
}

// serverAccount chooses the user: our own, except for root, whom PostgreSQL refuses.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("reading the id of user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("reading the group of user %s: %w", name, err)
		}
		return &account{name, uint32(uid), uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: " +
		"make one, run this as another user, or give a database with --database-url")
}

// dress makes the command run as the account, in dir, away from the terminal's signals: Ctrl-C must not stop the server before its clients.
func (a *account) dress(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	// PG* variables are meant for a client and another server; a missing or unknown locale stops the server on macOS; TZ spares initdb
	// a search for the machine's time zone.
	inherited := slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "PG") })
	cmd.Env = append(inherited, "LC_ALL=C", "TZ=UTC")
}

// place makes the folder, owned by the account, and returns it: the wanted one, or one in /var/tmp where the account cannot reach that.
func place(wanted string, owner *account, log io.Writer) (string, error) {
	dir, err := filepath.Abs(wanted)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("making the folder of PostgreSQL: %w", err)
	}
	if owner != nil && !owner.canReach(dir) {
		sum := sha256.Sum256([]byte(dir))
		elsewhere := "/var/tmp/omni-postgres-" + hex.EncodeToString(sum[:6])
		fmt.Fprintf(log, "PostgreSQL refuses to run as root, and user %s cannot enter %s: its files are in %s.\n", owner.name, filepath.Dir(dir), elsewhere)
		dir = elsewhere
	}
	return dir, own(dir, owner)
}

// own makes the folder with access for nobody but the account. One that exists must belong to it: in a folder that everybody can write
// to, another user may have made it.
func own(dir string, owner *account) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil && owner != nil {
		err = os.Chown(dir, int(owner.uid), int(owner.gid))
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("making the folder of PostgreSQL: %w", err)
	}
	want := uint32(os.Geteuid())
	if owner != nil {
		want = owner.uid
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || stat.Uid != want {
		return fmt.Errorf("%s is not a folder of the user who runs PostgreSQL (user id %d): remove it or choose another", dir, want)
	}
	return nil
}

// canReach tells whether the account may enter every folder above the path.
func (a *account) canReach(path string) bool {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || !a.mayEnter(info) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

func (a *account) mayEnter(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	switch {
	case stat.Uid == a.uid:
		return info.Mode().Perm()&0o100 != 0
	case stat.Gid == a.gid:
		return info.Mode().Perm()&0o010 != 0
	}
	return info.Mode().Perm()&0o001 != 0
}
