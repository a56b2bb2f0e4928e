package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"omni/channels"
)

// registration is what the describe program says of one registered channel; the two agree on its fields.
type registration struct {
	Spec       channels.Spec
	Package    string // import path of the type that open returned; empty when it failed
	Handshaker bool   // that type is a channels.Handshaker
	Subscriber bool   // it is a channels.Subscriber
	Host       bool   // it is a channels.Host
	Failure    string // why open failed
}

// link builds and runs a program of all channels, and holds what they registered against their folders.
func link(ctx context.Context, m module, folders []string) ([]registration, error) {
	registered, err := describe(ctx, m, folders)
	var p *initPanic
	if errors.As(err, &p) && p.twice() != "" {
		return nil, blameTwice(ctx, m, folders, p)
	}
	if err != nil {
		return nil, err
	}
	return registered, compare(m, folders, registered)
}

// blameTwice finds out who else registers the name. The channel that panicked came second, which may only be the alphabet's doing.
func blameTwice(ctx context.Context, m module, folders []string, p *initPanic) error {
	name := p.twice()
	others := slices.DeleteFunc(slices.Clone(folders), func(folder string) bool { return folder == p.folder })
	registered, err := describe(ctx, m, others)
	if err != nil {
		return err
	}
	for _, r := range registered {
		if r.Spec.Name == name {
			return registeredByTwo(name, p.folder, m.folderOf(r))
		}
	}
	return fmt.Errorf("channels/%s registers %q twice: call channels.Register once", p.folder, name)
}

// describe returns what the channels in the folders registered. Its program lives in a temporary folder outside the module, so that it
// needs nothing of gen/ and leaves nothing behind.
func describe(ctx context.Context, m module, folders []string) ([]registration, error) {
	temp, err := os.MkdirTemp("", "channelgen")
	if err != nil {
		return nil, fmt.Errorf("describing the channels: %w", err)
	}
	defer func() { _ = os.RemoveAll(temp) }() // what cannot be removed is the system's to clean
	program, err := buildDescribe(ctx, m, folders, temp)
	if err != nil {
		return nil, err
	}
	answer := filepath.Join(temp, "answer.json")
	run := exec.CommandContext(ctx, program, answer)
	run.Dir = m.Dir
	run.Env = append(os.Environ(), "GOTRACEBACK=single") // the trace names the channel whose init panics
	if out, err := run.CombinedOutput(); err != nil {
		return nil, runMistake(m, folders, string(out), err)
	}
	return readAnswer(answer)
}

func buildDescribe(ctx context.Context, m module, folders []string, temp string) (program string, err error) {
	source, err := renderTemplate("describe.go.tmpl", struct {
		Module  string
		Folders []string
	}{m.Path, folders})
	if err != nil {
		return "", fmt.Errorf("describing the channels: %w", err)
	}
	main := filepath.Join(temp, "describe.go")
	if err := os.WriteFile(main, source, 0o600); err != nil {
		return "", fmt.Errorf("describing the channels: %w", err)
	}
	program = filepath.Join(temp, "describe.exe")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", program, main)
	build.Dir = m.Dir
	if out, err := build.CombinedOutput(); err != nil {
		// The compiler names files as seen from the root, which is where the reader is; the rest is cut down to the same.
		relative := strings.NewReplacer(temp+string(filepath.Separator), "", m.Dir+string(filepath.Separator), "").Replace(string(out))
		return "", buildMistake(m, relative, err)
	}
	return program, nil
}

func readAnswer(path string) ([]registration, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("describing the channels: %w", err)
	}
	var registered []registration
	if err := json.Unmarshal(raw, &registered); err != nil {
		return nil, fmt.Errorf("describing the channels: %w", err)
	}
	return registered, nil
}
