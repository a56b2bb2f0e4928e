package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"omni/tools/omni/build"
	"omni/tools/omni/web"
)

// buildCommand is `omni build`.
type buildCommand struct {
	Architectures []string `arg:"" optional:"" enum:"arm64,amd64" help:"Architectures to build for; without any, both."`
	Source        string   `default:"." type:"existingdir" help:"Folder of the repository."`
	Out           string   `default:"build" help:"Folder to write into."`
	Web           bool     `default:"true" negatable:"" help:"Build the agents' dashboard as well, if there is Node to build it with."`
	DatabaseCA    string   `name:"database-ca" type:"existingfile" placeholder:"FILE" help:"Certificates (PEM) that the functions know the database by; put into each zip as rds-ca.pem."`
}

// Help implements kong.HelpProvider.
func (buildCommand) Help() string {
	return `Compiles every function in lambda/ to a static executable and zips it the way Lambda wants it. The same source gives the
same bytes on every machine. The agents' dashboard goes into the folder web beside them.

Examples:

    omni build
    omni build arm64 --out /tmp/omni-build
    omni build arm64 --database-ca global-bundle.pem`
}

// Run builds.
func (c buildCommand) Run(ctx context.Context, std streams) error {
	architectures := c.Architectures
	if len(architectures) == 0 {
		architectures = build.Architectures
	}
	var files []build.File
	if c.DatabaseCA != "" {
		ca, err := build.DatabaseCA(c.DatabaseCA)
		if err != nil {
			return err
		}
		files = append(files, ca)
	}
	err := build.All(ctx, c.Source, c.Out, architectures, func(a build.Artifact) {
		fmt.Fprintf(std.out, "%-6s %-10s %5.1f MB  %s\n", a.Architecture, a.Function, float64(a.ZipBytes)/1e6, a.Zip)
	}, files...)
	if err != nil || !c.Web {
		return err
	}
	return c.buildDashboard(ctx, std)
}

// buildDashboard builds the dashboard. A machine without Node builds everything else.
func (c buildCommand) buildDashboard(ctx context.Context, std streams) error {
	source := web.Source{Root: c.Source, Out: filepath.Join(c.Out, "web"), Say: std.out}
	err := source.Build(ctx, func(dir string) error {
		_, err := fmt.Fprintf(std.out, "dashboard %24s\n", dir)
		return err
	})
	var missing web.MissingError
	if errors.Is(err, web.ErrNoSource) || errors.As(err, &missing) {
		fmt.Fprintf(std.out, "No dashboard: %v.\n", err)
		return nil
	}
	return err
}
