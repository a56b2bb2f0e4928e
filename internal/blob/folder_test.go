package blob_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"omni/internal/blob"
)

func TestFolderKeepsTheContract(t *testing.T) {
	t.Parallel()
	runContract(t, func(t *testing.T) blob.Store {
		return blob.NewFolder(filepath.Join(t.TempDir(), "not", "there", "yet"))
	})
}

func TestFolderHasOnlyTheObjectsAndOnlyForTheOwner(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	store := blob.NewFolder(dir)
	wantAbsent(t, store, "a")
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
	put(t, store, "jobs/a", []byte("old"))
	put(t, store, "jobs/a", []byte("new"))

	want := map[string]fs.FileMode{".": fs.ModeDir | 0o700, "jobs": fs.ModeDir | 0o700, "jobs/a": 0o600}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode() != want[path] {
			t.Errorf("%s has mode %v, %v wanted", path, info.Mode(), want[path])
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// S3 promises this by itself (docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html, "data consistency model"); moto does not keep it,
// so it is no part of the contract suite.
func TestFolderReadersSeeWholeObjectsWhileWritersReplaceThem(t *testing.T) {
	t.Parallel()
	store := blob.NewFolder(t.TempDir())
	var contents [][]byte
	for i := range 4 {
		contents = append(contents, bytes.Repeat([]byte{byte('a' + i)}, 50_000+i))
	}
	put(t, store, "k/shared", contents[0])
	calls, ctx := errgroup.WithContext(t.Context())
	for _, content := range contents {
		calls.Go(func() error {
			for range 5 {
				if err := store.Put(ctx, "k/shared", content); err != nil {
					return err
				}
			}
			return nil
		})
		calls.Go(func() error {
			for range 5 {
				got, err := store.Get(ctx, "k/shared")
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(contents, func(c []byte) bool { return bytes.Equal(c, got) }) {
					return fmt.Errorf("%d bytes that nobody wrote", len(got))
				}
			}
			return nil
		})
	}
	if err := calls.Wait(); err != nil {
		t.Error(err)
	}
}

func TestFolderKeepsWhatItCannotReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := blob.NewFolder(dir)
	put(t, store, "jobs/a", []byte("x"))
	if err := store.Put(t.Context(), "jobs", []byte("y")); err == nil {
		t.Error("an object took the place of a folder")
	}
	if err := store.Put(t.Context(), "jobs/a/b", []byte("y")); err == nil {
		t.Error("a folder took the place of an object")
	}
	wantContent(t, store, "jobs/a", []byte("x"))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the failed write left something: %v, %v", entries, err)
	}
}

func TestFolderDoesNotFollowLinksOutOfItself(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	store := blob.NewFolder(dir)
	if got, err := store.Get(t.Context(), "link/secret"); err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("read %q, %v", got, err)
	}
	if err := store.Put(t.Context(), "link/new", []byte("x")); err == nil {
		t.Error("wrote outside of the folder")
	}
	if err := store.Delete(t.Context(), "link/secret"); err == nil {
		t.Error("deleted outside of the folder")
	}
}
