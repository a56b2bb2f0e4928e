package blob_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"omni/internal/blob"
)

// contract is what every Store promises. A check gets an empty one.
var contract = []struct {
	rule  string
	check func(t *testing.T, store blob.Store)
}{
	{"what was put is got", putAndGet},
	{"a second put replaces the first", replace},
	{"what is absent is not found", absent},
	{"what was deleted is gone, and may be put again", deleted},
	{"keys that name no object are refused", badKeys},
	{"a cancelled call does nothing", cancelled},
}

func runContract(t *testing.T, open func(t *testing.T) blob.Store) {
	for _, c := range contract {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			c.check(t, open(t))
		})
	}
}

func put(t *testing.T, store blob.Store, key string, content []byte) {
	t.Helper()
	if err := store.Put(t.Context(), key, content); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, store blob.Store, key string, want []byte) {
	t.Helper()
	got, err := store.Get(t.Context(), key)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes wanted, got %d, %v", key, len(want), len(got), err)
	}
}

func wantAbsent(t *testing.T, store blob.Store, key string) {
	t.Helper()
	got, err := store.Get(t.Context(), key)
	if !errors.Is(err, blob.ErrNotFound) || got != nil {
		t.Errorf("%s: %d bytes, %v", key, len(got), err)
	}
}

func putAndGet(t *testing.T, store blob.Store) {
	contents := map[string][]byte{
		"empty":                    {},
		"binary":                   {0, 0xff, '\r', '\n', 0x80},
		"jobs/0190-large":          bytes.Repeat([]byte("0123456789abcdef"), 4<<20/16),
		"media/a b/ü+%2F?&=/x.jpg": []byte("a name that URLs would take apart"),
	}
	for key, content := range contents {
		put(t, store, key, content)
	}
	for key, content := range contents {
		wantContent(t, store, key, content)
	}
}

func replace(t *testing.T, store blob.Store) {
	put(t, store, "a/b", []byte("the first and longer one"))
	put(t, store, "a/b", []byte("the second"))
	wantContent(t, store, "a/b", []byte("the second"))
}

func absent(t *testing.T, store blob.Store) {
	wantAbsent(t, store, "none")
	put(t, store, "a/b", []byte("x"))
	wantAbsent(t, store, "a/c")
	_, err := store.Get(t.Context(), "a/c")
	if err == nil || !strings.Contains(err.Error(), "a/c") {
		t.Errorf("the error does not say what is missing: %v", err)
	}
}

func deleted(t *testing.T, store blob.Store) {
	put(t, store, "a/b", []byte("x"))
	put(t, store, "a/c", []byte("y"))
	for range 2 {
		if err := store.Delete(t.Context(), "a/b"); err != nil {
			t.Fatal(err)
		}
		wantAbsent(t, store, "a/b")
	}
	wantContent(t, store, "a/c", []byte("y"))
	if err := store.Delete(t.Context(), "never/was"); err != nil {
		t.Error(err)
	}
	put(t, store, "a/b", []byte("z"))
	wantContent(t, store, "a/b", []byte("z"))
}

func badKeys(t *testing.T, store blob.Store) {
	put(t, store, "a/b", []byte("x"))
	for _, key := range []string{
		"", ".", "..", "/", "/a/b", "a/b/", "a//b", "./a/b", "../a/b", "a/../a/b", "a/./b", ".hidden", "a/.hidden", "a\xff",
	} {
		_, err := store.Get(t.Context(), key)
		errs := map[string]error{"Get": err, "Put": store.Put(t.Context(), key, []byte("y")), "Delete": store.Delete(t.Context(), key)}
		for call, err := range errs {
			if err == nil || errors.Is(err, blob.ErrNotFound) || !strings.Contains(err.Error(), "no key of an object") {
				t.Errorf("%s of %q: %v", call, key, err)
			}
		}
	}
	wantContent(t, store, "a/b", []byte("x"))
}

func cancelled(t *testing.T, store blob.Store) {
	put(t, store, "a", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := store.Get(ctx, "a")
	for call, err := range map[string]error{"Put": store.Put(ctx, "a", []byte("y")), "Get": err, "Delete": store.Delete(ctx, "a")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", call, err)
		}
	}
	wantContent(t, store, "a", []byte("x"))
}
