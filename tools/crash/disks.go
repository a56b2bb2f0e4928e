package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"omni/internal/localpg"
	"omni/tools/omni/state"
)

// disk is a small file system in memory that can be made full.
type disk struct {
	name string
	dir  string
	size string // as mount takes it
}

// disks are what the server keeps its things on: one for the queue's journal and the files, one for PostgreSQL.
type disks struct{ state, postgres disk }

// errNoDisks means that this machine does not let us mount anything.
var errNoDisks = errors.New("no file system can be mounted here (that takes Linux, and root)")

// mountDisks puts small disks below a state folder that is not used yet.
func mountDisks(ctx context.Context, folder state.Folder) (*disks, error) {
	d := &disks{disk{"queue and files", string(folder), "512m"}, disk{"PostgreSQL", folder.Path("postgres"), "2g"}}
	if err := os.MkdirAll(d.state.dir, 0o755); err != nil {
		return nil, err
	}
	if err := d.state.mount(ctx); err != nil {
		return nil, err
	}
	_, err := localpg.Attach(d.postgres.dir) // makes the folder as PostgreSQL needs it
	if err == nil {
		err = d.postgres.mount(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, d.unmount())
	}
	return d, nil
}

// mount puts the disk in the place of its folder, for the same owner.
func (d disk) mount(ctx context.Context) error {
	var folder syscall.Stat_t
	if err := syscall.Stat(d.dir, &folder); err != nil {
		return fmt.Errorf("looking at the folder of %s: %w", d.name, err)
	}
	options := fmt.Sprintf("size=%s,mode=%o,uid=%d,gid=%d", d.size, folder.Mode&0o777, folder.Uid, folder.Gid)
	if err := command(ctx, "mount", "-t", "tmpfs", "-o", options, "omni-crash", d.dir); err != nil {
		return fmt.Errorf("%w: %w", errNoDisks, err)
	}
	return nil
}

// fill leaves no room on the disk, whoever writes next; free gives it back.
func (d disk) fill(ctx context.Context) (err error) {
	for range fillTries {
		var used syscall.Statfs_t
		if err := syscall.Statfs(d.dir, &used); err != nil {
			return fmt.Errorf("looking at the disk of %s: %w", d.name, err)
		}
		if err = d.resize(ctx, fmt.Sprint((used.Blocks-used.Bfree)*uint64(used.Bsize))); err == nil {
			return nil
		}
	}
	return err // somebody always wrote in between
}

const fillTries = 20

func (d disk) free(ctx context.Context) error { return d.resize(ctx, d.size) }

func (d disk) resize(ctx context.Context, size string) error {
	return command(ctx, "mount", "-o", "remount,size="+size, d.dir)
}

// unmount takes the disks away. What is on them is lost.
func (d *disks) unmount() error {
	ctx := context.Background()
	return errors.Join(command(ctx, "umount", "-l", d.postgres.dir), command(ctx, "umount", "-l", d.state.dir))
}

func command(ctx context.Context, name string, args ...string) error {
	if output, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}
