package app

import (
	"runtime/debug"
	"strconv"
)

// heapGrowth is by how many percent of what is in use the heap may grow before garbage is collected. Go's own 100 is for programs that share a machine;
// a function has its memory to itself, uses little of it at once, and pays for the processor: collecting took a sixth of the time of a webhook.
const heapGrowth = 400

// UseMemory lets the program use the memory that it has. What GOGC and GOMEMLIMIT say goes first.
// AWS_LAMBDA_FUNCTION_MEMORY_SIZE, in MB, is Lambda's own: close to it garbage is collected as often as that takes.
func UseMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	size, err := strconv.ParseInt(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64)
	if err == nil && getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(size << 20 / 10 * 8)
	}
}
