// Package build compiles the Lambda functions and zips them, the same bytes from the same source wherever it runs.
package build

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Architectures are those of Lambda: Graviton, which the deploy uses, and x86.
var Architectures = []string{"arm64", "amd64"}

// epoch is the modification time of every file in a zip: 1 January 1980 is the earliest that the format can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

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
// <out>/<architecture>/<function>.zip. report is called after each.
func All(ctx context.Context, root, out string, architectures []string, report func(Artifact)) error {
	functions, err := Functions(root)
	if err != nil {
		return err
	}
	for _, architecture := range architectures {
		for _, function := range functions {
			artifact, err := One(ctx, root, out, function, architecture)
			if err != nil {
				return err
			}
			report(artifact)
		}
	}
	return nil
}

// One builds one function.
func One(ctx context.Context, root, out, function, architecture string) (Artifact, error) {
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
	if a.ZipBytes, err = pack(a); err != nil {
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

// pack writes the deployment package: the executable, under the name that the provided.al2023 runtime starts.
func pack(a Artifact) (int64, error) {
	file, err := os.Create(a.Zip)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: epoch}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return 0, err
	}
	if err := copyFile(entry, a.Bootstrap); err != nil {
		return 0, err
	}
	if err := archive.Close(); err != nil {
		return 0, err
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	return size, file.Close()
}

func copyFile(to io.Writer, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.Copy(to, from)
	return err
}
