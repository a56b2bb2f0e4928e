package metrics_test

import (
	"io"
	"testing"
	"time"

	"omni/internal/metrics"
)

// What the processor measures for each row.
func BenchmarkRow(b *testing.B) {
	emitter := metrics.NewEmitter(io.Discard, time.Now)
	b.ReportAllocs()
	for b.Loop() {
		emitter.Count("whatsapp", map[string]int{"processed": 1})
		emitter.Age("whatsapp", "processed_age", 1500*time.Millisecond)
	}
}
