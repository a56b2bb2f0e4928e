package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"omni/tools/omni/web"
)

// Dashboard says where the agents' dashboard comes from. The zero value: there is none.
type Dashboard struct {
	Root string // the repository, from whose web/ it is built when its sources have changed
	Dir  string // a folder with a build of it
}

// errNoDashboard means that nobody wants one.
var errNoDashboard = errors.New("not wanted")

// open builds the dashboard, or takes the one that was built before, and says why if there is none. Without a dashboard everything else works.
func (d Dashboard) open(ctx context.Context, say io.Writer) (site *web.Site, err error) {
	use := func(dir string) (err error) {
		site, err = web.Open(dir)
		return err
	}
	if d.Dir != "" {
		return site, use(d.Dir)
	}
	if d.Root == "" {
		return nil, errNoDashboard
	}
	source := web.Source{Root: d.Root, Out: filepath.Join(d.Root, "build", "web"), Say: say}
	if err = source.Build(ctx, use); err == nil || ctx.Err() != nil {
		return site, err
	}
	if source.Left(use) == nil {
		fmt.Fprintf(say, "The dashboard is the one that was built before, because a new one was not built: %v.\n", err)
		return site, nil
	}
	if strings.Contains(err.Error(), "\n") { // the greeting has room for one line
		fmt.Fprintf(say, "The dashboard was not built: %v.\n", err)
	}
	return nil, err
}

// opened is what became of opening the dashboard.
type opened struct {
	site *web.Site
	err  error // why there is none
}

// opening opens the dashboard while other things start. What the channel gives can be read once.
func (d Dashboard) opening(ctx context.Context, say io.Writer, s *stack) <-chan opened {
	ctx, cancel := context.WithCancel(ctx)
	result, done := make(chan opened, 1), make(chan struct{})
	go func() {
		defer close(done)
		site, err := d.open(ctx, say)
		result <- opened{site, err}
	}()
	s.push(func() error {
		cancel()
		<-done
		return nil
	})
	return result
}
