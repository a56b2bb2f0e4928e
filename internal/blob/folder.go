package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Folder is a Store of files. Several processes may use one folder.
type Folder struct{ dir string }

// NewFolder makes a store of the folder at dir, which is made by the first Put if it does not exist.
func NewFolder(dir string) *Folder { return &Folder{dir} }

// Put writes a file beside the one it replaces, forces it to the disk and gives it its name. When the process ends before that, a hidden
// file of the name .KEY-RANDOM stays; it harms nothing.
func (f *Folder) Put(ctx context.Context, key string, content []byte) error {
	return f.put(ctx, key, func(_ *os.Root, file *os.File) error {
		_, err := file.Write(content)
		return err
	})
}

// put lets write fill the file before it gets its name.
func (f *Folder) put(ctx context.Context, key string, write func(*os.Root, *os.File) error) error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", key, err)
	}
	return f.do(ctx, "writing", key, func(root *os.Root) error {
		dir, name := path.Split(key)
		if err := root.MkdirAll(path.Clean(dir), 0o700); err != nil {
			return err
		}
		hidden := dir + "." + name + "-" + rand.Text()
		err := writeFile(root, hidden, write)
		if err == nil {
			err = root.Rename(hidden, key)
		}
		if err != nil {
			_ = root.Remove(hidden) // the first error counts
			return err
		}
		return syncFolders(root, key)
	})
}

// Get reads a file.
func (f *Folder) Get(ctx context.Context, key string) ([]byte, error) {
	var content []byte
	err := f.do(ctx, "reading", key, func(root *os.Root) (err error) {
		content, err = root.ReadFile(key)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (%w)", ErrNotFound, err)
	}
	if err != nil {
		return nil, err // and not the part that could be read
	}
	return content, nil
}

// Delete removes a file. Its folders stay: another process may be about to write there.
func (f *Folder) Delete(ctx context.Context, key string) error {
	err := f.do(ctx, "deleting", key, func(root *os.Root) error { return root.Remove(key) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Keys lists files. Those with hidden names are none.
func (f *Folder) Keys(ctx context.Context, prefix, after string, most int) (keys []string, err error) {
	err = f.do(ctx, "listing", strings.TrimSuffix(prefix, "/"), func(root *os.Root) error {
		return fs.WalkDir(root.FS(), strings.TrimSuffix(prefix, "/"), func(key string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && checkKey(key) == nil && key > after {
				keys = append(keys, key)
			}
			return err
		})
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	slices.Sort(keys)
	return keys[:min(most, len(keys))], err
}

// do runs work with the folder open, which must exist. Nothing that work names can be outside of it, symbolic links included.
func (f *Folder) do(ctx context.Context, doing, key string, work func(*os.Root) error) error {
	err := ctx.Err()
	if err == nil {
		err = checkKey(key)
	}
	if err == nil {
		err = f.within(work)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", doing, key, err)
	}
	return nil
}

func (f *Folder) within(work func(*os.Root) error) error {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return work(root)
}

func writeFile(root *os.Root, name string, write func(*os.Root, *os.File) error) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = write(root, file)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncFolders forces the names on the way to key to the disk: a file that is there and has no name after a crash is lost.
func syncFolders(root *os.Root, key string) error {
	for dir := key; dir != "."; {
		dir = path.Dir(dir)
		if err := syncFolder(func() (*os.File, error) { return root.Open(dir) }); err != nil {
			return err
		}
	}
	parent := filepath.Dir(filepath.Clean(root.Name()))
	return syncFolder(func() (*os.File, error) { return os.Open(parent) })
}

func syncFolder(open func() (*os.File, error)) error {
	dir, err := open()
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
