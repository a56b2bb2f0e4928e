package crash

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes the same tests of every run, so that a change is what makes one fail. `make test-long` looks elsewhere, with -rapid.seed.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	if !given {
		if err := flag.Set("rapid.seed", "1"); err != nil {
			panic(err) // rapid has another name for it now
		}
	}
	os.Exit(m.Run())
}
