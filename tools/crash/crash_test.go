package crash

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
)

// The long run is `make test-long`, or
//
//	go test ./tools/crash -run TestCrash -crash.rounds 150 -crash.seed 7 -timeout 60m -v
var (
	rounds = flag.Int("crash.rounds", 8, "faults to commit")
	seed   = flag.Uint64("crash.seed", 1, "which faults")
)

func TestCrash(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "omni-crash-")
	if err != nil {
		t.Fatal(err)
	}
	// As root, PostgreSQL runs as another user, who has to be able to come by.
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	binary, err := Build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	err = Run(t.Context(), Options{Binary: binary, Folder: folder, Seed: *seed, Rounds: *rounds, Out: t.Output()})
	if err != nil {
		t.Fatalf("%v\nEverything is kept in %s; `-crash.seed %d -crash.rounds %d` repeats the faults. The end of the server's log:\n%s",
			err, folder, *seed, *rounds, Tail(folder, 4000))
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Errorf("%s: %v", filepath.Base(folder), err)
	}
}
