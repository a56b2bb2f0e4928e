package dev

import (
	"context"
	"io"

	"omni/internal/blob"
	"omni/internal/queue"
)

// blobs is an object storage with the faults, for what is too large for a job.
func (f *faults) blobs(store blob.Store) queue.Blobs {
	if f.path == "" {
		return store
	}
	return faultyBlobs{f, store}
}

type faultyBlobs struct {
	faults *faults
	blob.Store
}

func (b faultyBlobs) Put(ctx context.Context, key string, content []byte) error {
	if err := b.faults.storage(); err != nil {
		return err
	}
	return b.Store.Put(ctx, key, content)
}

func (b faultyBlobs) Get(ctx context.Context, key string) ([]byte, error) {
	if err := b.faults.storage(); err != nil {
		return nil, err
	}
	return b.Store.Get(ctx, key)
}

// files is an object storage with the faults, for the files of messages.
func (f *faults) files(store blob.Files) blob.Files {
	if f.path == "" {
		return store
	}
	return faultyFiles{f, store}
}

type faultyFiles struct {
	faults *faults
	blob.Files
}

func (b faultyFiles) Put(ctx context.Context, key string, u blob.Upload) (blob.File, error) {
	if err := b.faults.storage(); err != nil {
		return blob.File{}, err
	}
	return b.Files.Put(ctx, key, u)
}

func (b faultyFiles) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := b.faults.storage(); err != nil {
		return nil, err
	}
	return b.Files.Open(ctx, key)
}

// storage is the error of object storage that fails.
func (f *faults) storage() error {
	if f.read().NoBlobs {
		return errFault
	}
	return nil
}
