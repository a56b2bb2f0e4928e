package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// made are the folders and files of web/ that are made from the others, or that no page depends on.
var made = []string{"node_modules", "dist", "tests", "coverage", "src/api/schema.ts"}

// document is the API's description, of which the build makes types.
const document = "gen/openapi.json"

// fingerprint changes with every source of the dashboard.
func (s Source) fingerprint() (string, error) {
	sum := sha256.New()
	root := s.web("")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		skipped := name != "." && (slices.Contains(made, name) || strings.HasPrefix(entry.Name(), "."))
		switch {
		case skipped && entry.IsDir():
			return fs.SkipDir
		case skipped || !entry.Type().IsRegular():
			return nil
		}
		return add(sum, name, path)
	})
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(s.Root, document)); err == nil {
		if err := add(sum, "../"+document, filepath.Join(s.Root, document)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// add adds a file: its name, its length and its content.
func add(sum io.Writer, name, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(sum, "%s\x00%d\x00", name, len(content))
	_, err = sum.Write(content)
	return err
}
