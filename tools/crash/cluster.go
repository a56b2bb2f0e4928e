package crash

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"omni/internal/localpg"
)

// cluster is the server's PostgreSQL as the operating system sees it: a process with children.
type cluster struct {
	dir string          // as localpg is told
	own *localpg.Server // what we started ourselves and have to reap; nil: nothing

	frozen int // process id of the frozen one
}

// freeze stops every process of the cluster where it is: connections are taken by the kernel, and nobody answers.
func (c *cluster) freeze() error {
	var err error
	if c.frozen, err = c.postmaster(); err != nil {
		return err
	}
	return signalAll(c.frozen, syscall.SIGSTOP)
}

// thaw lets a frozen cluster go on.
func (c *cluster) thaw() error {
	postmaster := c.frozen
	c.frozen = 0
	return signalAll(postmaster, syscall.SIGCONT)
}

// signalAll sends a signal to a process and its children. The first is stopped meanwhile, so that it starts no new ones.
func signalAll(postmaster int, how syscall.Signal) error {
	if err := signal(postmaster, syscall.SIGSTOP); err != nil {
		return err
	}
	children, err := childrenOf(postmaster)
	if err != nil {
		return err
	}
	for _, pid := range append(children, postmaster) {
		if err := signal(pid, how); err != nil {
			return err
		}
	}
	return nil
}

func signal(pid int, how syscall.Signal) error {
	if err := syscall.Kill(pid, how); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("sending %s to PostgreSQL's process %d: %w", how, pid, err)
	}
	return nil
}

// postmaster is the id of the cluster's first process, which is the first line of postmaster.pid.
func (c *cluster) postmaster() (int, error) {
	server, err := localpg.Attach(c.dir)
	if err != nil {
		return 0, err
	}
	if server == nil {
		return 0, errors.New("PostgreSQL does not run")
	}
	content, err := os.ReadFile(filepath.Join(server.Dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid < 2 { // 0 and below would mean groups of processes, our own among them
		return 0, fmt.Errorf("reading postmaster.pid: %q is no process id", first)
	}
	return pid, nil
}

func childrenOf(parent int) ([]int, error) {
	output, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var children []int
	for line := range strings.Lines(string(output)) {
		var pid, ppid int
		if n, _ := fmt.Sscan(line, &pid, &ppid); n == 2 && ppid == parent {
			children = append(children, pid)
		}
	}
	return slices.Clip(children), nil
}

// kill ends every process at once and returns when they are gone.
func (c *cluster) kill() error {
	server, err := localpg.Attach(c.dir)
	if err != nil || server == nil {
		return err
	}
	postmaster, err := c.postmaster()
	if err != nil {
		return err
	}
	if err := signalAll(postmaster, syscall.SIGKILL); err != nil {
		return err
	}
	return c.reap(server)
}

// stop shuts the cluster down as an operator would.
func (c *cluster) stop() error {
	server, err := localpg.Attach(c.dir)
	if err != nil || server == nil {
		return err
	}
	return c.reap(server)
}

// reap waits for the end of the processes, which it asks for.
func (c *cluster) reap(server *localpg.Server) error {
	if c.own != nil {
		server, c.own = c.own, nil
	}
	return server.Stop()
}

// startPatience is how long a port may be taken that was the cluster's a moment ago.
const startPatience = 20 * time.Second

// start starts the cluster on the port of the URL, unless somebody has started it already.
func (c *cluster) start(ctx context.Context, databaseURL string) error {
	u, err := url.Parse(databaseURL)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return fmt.Errorf("reading the port of PostgreSQL: %w", err)
	}
	for deadline := time.Now().Add(startPatience); ; {
		server, err := localpg.Start(ctx, localpg.Options{Dir: c.dir, Port: port, Fsync: true})
		if err == nil {
			c.own = server
			return nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}

// remove ends the cluster. Its files stay.
func (c *cluster) remove() {
	if c.frozen != 0 {
		_ = c.thaw()
	}
	_ = c.kill()
}
