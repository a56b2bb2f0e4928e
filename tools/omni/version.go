package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

func (versionCommand) Help() string {
	return `Shows the version of the module, the commit that this program was built from and the Go that built it.`
}

func (versionCommand) Run(std streams) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	_, err := fmt.Fprintln(std.out, versionLine(info))
	return err
}

// versionLine says which build it is; what the build does not know is left out.
func versionLine(info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	line := "omni " + cmp.Or(info.Main.Version, "(devel)")
	if revision := settings["vcs.revision"]; revision != "" {
		line += " commit " + revision[:min(12, len(revision))]
		if when := settings["vcs.time"]; when != "" {
			line += " of " + when
		}
		if settings["vcs.modified"] == "true" {
			line += " with local changes"
		}
	}
	return fmt.Sprintf("%s, %s %s/%s", line, cmp.Or(info.GoVersion, runtime.Version()), runtime.GOOS, runtime.GOARCH)
}
