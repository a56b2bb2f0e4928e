// Package build compiles the Lambda functions and zips them, the same bytes from the same source wherever it runs.
package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Architectures are those of Lambda: Graviton, which the deploy uses, and x86.
var Architectures = []string{"arm64", "amd64"}

// Artifact is one compiled function.
type Artifact struct {
	Function     string
	Architecture string
	Bootstrap    string // path of the executable
	Zip          string // path of the deployment package
	ZipBytes     int64
}

// Functions lists the Lambda functions of a repository: the folders of lambda/ that hold a main.go, sorted.
func Functions(root string) ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "lambda", "*", "main.go"))
	if err != nil {
		return nil, fmt.Errorf("listing the functions: %w", err)
	}
	if len(mains) == 0 {
		return nil, fmt.Errorf("no function found in %s", filepath.Join(root, "lambda"))
	}
	names := make([]string, len(mains))
	for i, main := range mains {
		names[i] = filepath.Base(filepath.Dir(main))
	}
	return names, nil
}

// All builds every function of the repository at root for the architectures into out: <out>/<architecture>/<function>/bootstrap and
// <out>/<architecture>/<function>.zip. report is called after each. files go into every zip.
func All(ctx context.Context, root, out string, architectures []string, report func(Artifact), files ...File) error {
	functions, err := Functions(root)
	if err != nil {
		return err
	}
	for _, architecture := range architectures {
		for _, function := range functions {
			artifact, err := One(ctx, root, out, function, architecture, files...)
			if err != nil {
				return err
			}
			report(artifact)
		}
	}
	return nil
}

// One builds one function.
func One(ctx context.Context, root, out, function, architecture string, files ...File) (Artifact, error) {
	folder, err := filepath.Abs(filepath.Join(out, architecture))
	if err != nil {
		return Artifact{}, fmt.Errorf("building %s: %w", function, err)
	}
	a := Artifact{
		Function: function, Architecture: architecture,
		Bootstrap: filepath.Join(folder, function, "bootstrap"), Zip: filepath.Join(folder, function+".zip"),
	}
	if err := compile(ctx, root, a); err != nil {
		return a, fmt.Errorf("building %s for %s: %w", function, architecture, err)
	}
	if a.ZipBytes, err = pack(a, files); err != nil {
		return a, fmt.Errorf("zipping %s for %s: %w", function, architecture, err)
	}
	return a, nil
}

// compile makes a static executable without paths, symbols or build ids, which would differ from machine to machine.
func compile(ctx context.Context, root string, a Artifact) error {
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc",
		"-ldflags=-s -w -buildid=", "-o", a.Bootstrap, "./lambda/"+a.Function)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+a.Architecture, "GOAMD64=v1", "GOARM64=v8.0")
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return command.Run()
}
