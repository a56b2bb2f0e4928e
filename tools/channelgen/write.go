package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// write brings the files under root to their content, removes what an earlier run generated and this one did not, and says what
// changed. A file that is right is not touched.
func write(root string, files []file) (changes string, err error) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	var done []string
	for _, f := range files {
		changed, err := replace(filepath.Join(root, filepath.FromSlash(f.path)), f.content)
		if err != nil {
			return "", fmt.Errorf("writing %s: %w", f.path, err)
		}
		if changed {
			done = append(done, "wrote "+f.path)
		}
	}
	stale, err := staleFiles(root, files)
	if err != nil {
		return "", err
	}
	for _, path := range stale {
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(path))); err != nil {
			return "", fmt.Errorf("removing a stale file: %w", err)
		}
		done = append(done, "removed "+path)
	}
	if len(done) == 0 {
		return "gen/ is up to date", nil
	}
	return strings.Join(done, ", "), nil
}

// replace gives a file its content unless it has it. Readers see the old file or the new one, never a part.
func replace(path string, content []byte) (changed bool, err error) {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return false, nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return false, err
	}
	temp, err := os.CreateTemp(folder, ".channelgen-*")
	if err != nil {
		return false, err
	}
	_, writeErr := temp.Write(content)
	err = errors.Join(writeErr, temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return false, errors.Join(err, os.Remove(temp.Name()))
	}
	return true, nil
}

// staleFiles lists the files in gen/ that bear the marker and are none of the given ones.
func staleFiles(root string, files []file) ([]string, error) {
	var stale []string
	err := fs.WalkDir(os.DirFS(root), "gen", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.ContainsFunc(files, func(f file) bool { return f.path == path }) {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		firstLine, _, _ := bytes.Cut(content, []byte("\n"))
		if bytes.Contains(firstLine, []byte(marker)) {
			stale = append(stale, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for stale files: %w", err)
	}
	return stale, nil
}
