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
)

// module is the module whose channels are linked.
type module struct {
	Path string // "omni"
	Dir  string // its root
}

// contract names the folders of channels/ that are not channels.
var contract = []string{"channeltest", "internal", "simulate", "testdata"}

func findModule(ctx context.Context, folder string) (module, error) {
	var m module
	list := exec.CommandContext(ctx, "go", "list", "-m", "-json")
	list.Dir = folder
	var complaint strings.Builder
	list.Stderr = &complaint
	out, err := list.Output()
	if err != nil {
		return m, fmt.Errorf("finding the module's root: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	if err := json.Unmarshal(out, &m); err != nil {
		return m, fmt.Errorf("finding the module's root: %w", err)
	}
	if m.Dir == "" {
		return m, errors.New("finding the module's root: there is no go.mod here or above")
	}
	return m, nil
}

// channelFolders lists the names of the folders that are channels, sorted. A folder without Go files is none: git does not keep empty
// folders, so what a deleted or renamed channel leaves behind differs from clone to clone.
func (m module) channelFolders() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(m.Dir, "channels"))
	if err != nil {
		return nil, fmt.Errorf("listing the channels: %w", err)
	}
	var folders []string
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || slices.Contains(contract, name) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
			continue
		}
		isPackage, err := hasGoFiles(filepath.Join(m.Dir, "channels", name))
		if err != nil {
			return nil, fmt.Errorf("listing the channels: %w", err)
		}
		if isPackage {
			folders = append(folders, name)
		}
	}
	return folders, nil
}

// hasGoFiles reports whether the folder holds Go files other than tests. A folder that does not exist holds none.
func hasGoFiles(folder string) (bool, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !os.IsNotExist(err) {
		return false, err
	}
	return slices.ContainsFunc(entries, func(entry os.DirEntry) bool {
		return !entry.IsDir() && strings.HasSuffix(entry.Name(), ".go") && !strings.HasSuffix(entry.Name(), "_test.go")
	}), nil
}
