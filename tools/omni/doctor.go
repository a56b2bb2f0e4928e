package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"omni/channels"
	"omni/internal/localpg"
	"omni/tools/omni/state"
)

type doctorCommand struct {
	Install bool `help:"Install what is missing and can be had from this machine's package manager."`
}

func (doctorCommand) Help() string {
	return `Looks for what the product needs on this machine and says what is missing. Ends with status 1 when something is.

Examples:

  omni doctor
  omni doctor --install`
}

func (c doctorCommand) Run(ctx context.Context, std streams) error {
	missing := 0
	report := func(what, found string, err error) {
		if err != nil {
			missing++
			fmt.Fprintf(std.out, "  missing  %-12s %v\n", what, err)
			return
		}
		fmt.Fprintf(std.out, "  ok       %-12s %s\n", what, found)
	}
	goVersion, err := exec.CommandContext(ctx, "go", "version").Output()
	report("Go", strings.TrimSpace(string(goVersion)), err)
	dir, major, err := localpg.Ensure(ctx, c.Install, std.out)
	report("PostgreSQL", fmt.Sprintf("%d in %s", major, dir), err)
	report("omni dev", localServer(), nil)
	report("channels", channelNames(), nil)
	report("platform", runtime.GOOS+"/"+runtime.GOARCH, nil)
	if missing > 0 {
		return errors.New("something is missing: see above")
	}
	return nil
}

// localServer tells whether the local server runs. It need not.
func localServer() string {
	folder, err := state.Find()
	if err != nil {
		return "not running"
	}
	running, err := folder.Running()
	if err != nil {
		return "not running"
	}
	return "running at " + running.URL
}

func channelNames() string {
	var names []string
	for _, spec := range channels.Specs() {
		names = append(names, spec.Name)
	}
	return strings.Join(names, ", ")
}
