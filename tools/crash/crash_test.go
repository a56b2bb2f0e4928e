package crash

import (
	"flag"
	"testing"

	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
)

// The long run is `make test-long`, or
//
//	go test ./tools/crash -run TestCrash -crash.rounds 150 -crash.each 1000 -crash.seed 7 -timeout 60m -v
var (
	rounds = flag.Int("crash.rounds", 5, "faults to commit, at least")
	each   = flag.Int("crash.each", 20, "messages that go each way on every channel, at least")
	seed   = flag.Uint64("crash.seed", 1, "which faults")
	small  = flag.Bool("crash.disks", false, "mount small disks, which become full")
)

func TestCrash(t *testing.T) {
	t.Parallel()
	folder := crashFolder(t)
	binary, err := Build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	err = Run(t.Context(), Options{Binary: binary, Folder: folder, Seed: *seed, Rounds: *rounds, Each: *each, Disks: *small, Out: t.Output()})
	if err != nil {
		t.Fatalf("%v\n`-crash.seed %d -crash.rounds %d` repeats the faults. The end of the server's log:\n%s", err, *seed, *rounds, Tail(folder, 4000))
	}
}
