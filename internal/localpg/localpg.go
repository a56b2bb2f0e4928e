// Package localpg runs a PostgreSQL server of our own on this machine, for development and for tests.
//
// The server listens on the loopback address only and trusts everybody there: it is for data that anyone with an account on this machine
// may read. Its superuser is [User].
//
// # Life of a server
//
//  1. [Start] finds the server's programs, or installs them when it is told to.
//  2. It takes the lock file of the server's folder, makes a database cluster when there is none, and starts the server with the lock among
//     its files. From then on the lock is held exactly as long as a process of that server lives, whatever becomes of who started it.
//  3. A later Start that finds the lock held waits until that server answers and uses it. One that finds it free knows that nothing
//     runs, so what a killed server left behind (postmaster.pid with a process id that is somebody else's by now) is cleared away.
//  4. [Server.Stop] shuts it down and returns when its last process has ended.
//
// # As root
//
// PostgreSQL refuses to run as root. Then the server runs as the user postgres, or nobody where there is none, who must own the folder and be
// able to reach it. A folder below a place that this user cannot enter (such as /root) is replaced by one of its own in /var/tmp;
// [Server.Dir] tells where the server really is.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"omni/internal/flock"
)

// User is the superuser of every server of this package. It has no password.
const User = "omni"

// Options say what server is wanted. A server that runs already is used as it is, whatever its options were.
type Options struct {
	// Dir is the folder of everything that belongs to the server: its data, log and lock. It is made when it does not exist.
	Dir string

	// Port is the TCP port to listen on. 0: a free one.
	Port int

	// Fsync makes commits survive a crash of the machine. Without it they survive the end of processes, and are faster.
	Fsync bool

	// Settings are more of the server's, as name=value.
	Settings []string

	// Fresh starts with an empty cluster each time: whatever the folder held is deleted.
	Fresh bool

	// Install fetches PostgreSQL with the machine's package manager when it is not found.
	Install bool

	// Log is told, in sentences, what takes time or may surprise. nil: nobody.
	Log io.Writer
}

// Server is a running server.
type Server struct {
	Dir  string // its folder; differs from Options.Dir where that cannot be used as root
	Port int

	pid   int
	child bool // this process started it, and has to reap it
}

// pollEvery is how often a starting or stopping server is looked at.
const pollEvery = 10 * time.Millisecond

// Start returns the server of the folder when it answers queries, starting it where it does not run. It gives up when the context ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	owner, err := serverAccount()
	if err != nil {
		return nil, err
	}
	if o.Dir, err = place(o.Dir, owner, o.Log); err != nil {
		return nil, err
	}
	for {
		lock, err := flock.TryExclusive(lockFile(o.Dir))
		if err == nil {
			s, err := launch(ctx, o, owner, lock)
			// A free port can be taken by another program in the moment before the server binds it.
			if errors.Is(err, errPortTaken) && o.Port == 0 {
				continue
			}
			return s, err
		}
		if !errors.Is(err, flock.ErrHeld) {
			return nil, err
		}
		if s := attach(o.Dir); s != nil {
			fmt.Fprintf(o.Log, "Using the PostgreSQL that already runs on port %d.\n", s.Port)
			return s, nil
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("waiting for the PostgreSQL in %s that another process started: %w", o.Dir, err)
		}
	}
}

// Attach returns the server that runs in the folder, and nil when none does.
func Attach(dir string) (*Server, error) {
	owner, err := serverAccount()
	if err != nil {
		return nil, err
	}
	if dir, err = place(dir, owner, io.Discard); err != nil {
		return nil, err
	}
	if lock, err := flock.TryExclusive(lockFile(dir)); err == nil {
		return nil, lock.Release()
	}
	return attach(dir), nil
}

// attach returns the server whose lock is held, nil while it is not ready.
func attach(dir string) *Server {
	state := readPostmaster(dataDir(dir))
	if !state.ready || !answers(state.port) {
		return nil
	}
	return &Server{Dir: dir, Port: state.port, pid: state.pid}
}

// answers tells whether something listens on the port. A postmaster.pid alone may be the one of a killed server, in the moment before the
// process that took the lock clears it away.
func answers(port int) bool {
	conn, err := net.DialTimeout("tcp", address(port), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// Started tells whether this process started the server. If not, it ran already and somebody else may need it.
func (s *Server) Started() bool { return s.child }

// URL is the connection string of a database of the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(User), Host: address(s.Port), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func dataDir(dir string) string  { return filepath.Join(dir, "data") }
func lockFile(dir string) string { return filepath.Join(dir, "lock") }
func logFile(dir string) string  { return filepath.Join(dir, "postgres.log") }

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pollEvery):
		return nil
	}
}
