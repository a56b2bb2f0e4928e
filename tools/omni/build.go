package main

import (
	"context"
	"fmt"

	"omni/tools/omni/build"
)

// buildCommand is `omni build`.
type buildCommand struct {
	Architectures []string `arg:"" optional:"" enum:"arm64,amd64" help:"Architectures to build for; without any, both."`
	Source        string   `default:"." type:"existingdir" help:"Folder of the repository."`
	Out           string   `default:"build" help:"Folder to write into."`
	DatabaseCA    string   `name:"database-ca" type:"existingfile" placeholder:"FILE" help:"Certificates (PEM) that the functions know the database by; put into each zip as rds-ca.pem."`
}

// Help implements kong.HelpProvider.
func (buildCommand) Help() string {
	return `Compiles every function in lambda/ to a static executable and zips it the way Lambda wants it. The same source gives the
same bytes on every machine.

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
	return build.All(ctx, c.Source, c.Out, architectures, func(a build.Artifact) {
		fmt.Fprintf(std.out, "%-6s %-10s %5.1f MB  %s\n", a.Architecture, a.Function, float64(a.ZipBytes)/1e6, a.Zip)
	}, files...)
}
