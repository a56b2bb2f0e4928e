package metrics_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/internal/metrics"
)

func TestAMeasurementIsOneLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	emitter := metrics.NewEmitter("Omni", &out, func() time.Time { return time.UnixMilli(1_700_000_000_123) })
	emitter.Count("whatsapp", map[string]int{"stored": 2, "duplicate": 0, "accepted": 1})
	emitter.Count("whatsapp", map[string]int{"stored": 0})
	emitter.CountAged("all", map[string]int{"overdue": 3, "dead": 0}, "overdue_age", 1500*time.Millisecond)
	want := `{"Channel":"whatsapp","_aws":{"Timestamp":1700000000123,"CloudWatchMetrics":[{"Namespace":"Omni","Dimensions":[["Channel"]],` +
		`"Metrics":[{"Name":"accepted","Unit":"Count"},{"Name":"stored","Unit":"Count"}]}]},"accepted":1,"stored":2}` + "\n" +
		`{"Channel":"all","_aws":{"Timestamp":1700000000123,"CloudWatchMetrics":[{"Namespace":"Omni","Dimensions":[["Channel"]],` +
		`"Metrics":[{"Name":"overdue","Unit":"Count"},{"Name":"overdue_age","Unit":"Milliseconds"}]}]},"overdue":3,"overdue_age":1500}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
