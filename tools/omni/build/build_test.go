package build_test

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"testing"

	"omni/tools/omni/build"
)

const root = "../../.."

func TestFunctionsAreTheFoldersOfLambda(t *testing.T) {
	t.Parallel()
	functions, err := build.Functions(root)
	if err != nil || len(functions) < 3 {
		t.Errorf("got %v, %v", functions, err)
	}
	if _, err := build.Functions(t.TempDir()); err == nil {
		t.Error("a folder without functions: an error wanted")
	}
}

// The same source gives the same bytes, also from another place.
func TestBuildsAreReproducible(t *testing.T) {
	t.Parallel()
	var zips [][]byte
	for _, out := range []string{t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")} {
		artifact, err := build.One(t.Context(), root, out, "migrate", "arm64")
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(artifact.Zip)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(content)) != artifact.ZipBytes {
			t.Errorf("the zip has %d bytes, reported %d", len(content), artifact.ZipBytes)
		}
		zips = append(zips, content)
		checkBootstrap(t, artifact)
	}
	if !bytes.Equal(zips[0], zips[1]) {
		t.Error("two builds of the same source differ")
	}
}

// checkBootstrap holds an artifact to what Lambda's provided.al2023 runtime starts: one static arm64 executable called bootstrap.
func checkBootstrap(t *testing.T, a build.Artifact) {
	t.Helper()
	executable, err := elf.Open(a.Bootstrap)
	if err != nil {
		t.Fatal(err)
	}
	defer executable.Close()
	libraries, err := executable.ImportedLibraries()
	if executable.Machine != elf.EM_AARCH64 || len(libraries) > 0 || err != nil {
		t.Errorf("machine %s, libraries %v, %v", executable.Machine, libraries, err)
	}
	archive, err := zip.OpenReader(a.Zip)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" || archive.File[0].Mode().Perm() != 0o755 {
		t.Errorf("the zip holds %v", archive.File)
	}
}
