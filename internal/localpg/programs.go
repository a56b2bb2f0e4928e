package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// oldest is the oldest major version that the product runs on.
const oldest = 15

// programs is one installation of the PostgreSQL server.
type programs struct {
	dir   string
	major int
}

func (p programs) path(program string) string { return filepath.Join(p.dir, program) }

// errNotFound says what to do where PostgreSQL is missing.
var errNotFound = fmt.Errorf("PostgreSQL %d or newer is not installed: install its server (%s), or give a database with --database-url",
	oldest, advice())

func advice() string {
	if runtime.GOOS == "darwin" {
		return "`brew install postgresql@17`"
	}
	return "`apt-get install -y postgresql` on Debian and Ubuntu"
}

// homes are the places where packages put the server's programs without adding them to PATH.
var homes = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // Red Hat, by the PostgreSQL project
	"/usr/libexec/postgresql*",  // Alpine
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// find returns the installation that PATH or pg_config names, else the newest of the usual places.
func find(ctx context.Context) (programs, error) {
	for _, dir := range named(ctx) {
		if p, ok := probe(ctx, dir); ok {
			return p, nil
		}
	}
	var found []programs
	for _, home := range homes {
		dirs, _ := filepath.Glob(home) // fails on a malformed pattern only
		for _, dir := range dirs {
			if p, ok := probe(ctx, dir); ok {
				found = append(found, p)
			}
		}
	}
	if len(found) == 0 {
		return programs{}, errNotFound
	}
	return slices.MaxFunc(found, func(a, b programs) int { return a.major - b.major }), nil
}

// named lists the folders that the user's own settings point to.
func named(ctx context.Context) []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	if output, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(output)))
	}
	return dirs
}

var versionForm = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// probe tells whether the folder has a server that is new enough.
func probe(ctx context.Context, dir string) (programs, bool) {
	if info, err := os.Stat(filepath.Join(dir, "initdb")); err != nil || info.IsDir() {
		return programs{}, false
	}
	output, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return programs{}, false
	}
	match := versionForm.FindSubmatch(output)
	if match == nil {
		return programs{}, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return programs{dir, major}, err == nil && major >= oldest
}

func findOrInstall(ctx context.Context, o Options) (programs, error) {
	found, err := find(ctx)
	if !o.Install || !errors.Is(err, errNotFound) {
		return found, err
	}
	if err := install(ctx, o.Log); err != nil {
		return programs{}, err
	}
	return find(ctx)
}

// localeArgs makes initdb choose what sorts and folds alike on every machine: code points, with Unicode's letters.
func localeArgs(major int) []string {
	switch {
	case major >= 17:
		return []string{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"}
	case runtime.GOOS == "darwin":
		return []string{"--locale=C", "--lc-ctype=UTF-8"}
	}
	return []string{"--locale=C.UTF-8"}
}

// Ensure finds PostgreSQL's server programs, or installs them if it may. It returns their folder and major version.
func Ensure(ctx context.Context, mayInstall bool, log io.Writer) (dir string, major int, err error) {
	found, err := findOrInstall(ctx, Options{Install: mayInstall, Log: log})
	return found.dir, found.major, err
}
