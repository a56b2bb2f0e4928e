package metrics_test

import (
	"io"
	"testing"
	"time"

	"omni/internal/metrics"
)

// What the processor measures for each row.
func BenchmarkRow(b *testing.B) {
	emitter := metrics.NewEmitter("Omni", io.Discard, time.Now)
	b.ReportAllocs()
	for b.Loop() {
		emitter.CountAged("whatsapp", map[string]int{"processed": 1}, "processed_age", 1500*time.Millisecond)
	}
}
