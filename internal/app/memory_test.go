package app_test

import (
	"math"
	"runtime/debug"
	"testing"

	"omni/internal/app"
)

func TestAFunctionUsesTheMemoryThatItHas(t *testing.T) {
	growth, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetGCPercent(growth); debug.SetMemoryLimit(limit) })
	for _, c := range []struct {
		name        string
		environment map[string]string
		growth      int
		limit       int64
	}{
		{"on a laptop", nil, 400, math.MaxInt64},
		{"in Lambda", map[string]string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256"}, 400, 256 << 20 / 10 * 8},
		{"as somebody wants it", map[string]string{"GOGC": "50", "GOMEMLIMIT": "100MiB", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256"}, 100, math.MaxInt64},
	} {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		app.UseMemory(func(name string) string { return c.environment[name] })
		if limit := debug.SetMemoryLimit(-1); limit != c.limit {
			t.Errorf("%s: the limit is %d, want %d", c.name, limit, c.limit)
		}
		if growth := debug.SetGCPercent(100); growth != c.growth {
			t.Errorf("%s: the heap may grow by %d %%, want %d", c.name, growth, c.growth)
		}
	}
}
