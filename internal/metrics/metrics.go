// Package metrics writes CloudWatch metrics as log lines in the embedded metric format: no API call, no agent. CloudWatch Logs makes
// metrics of the lines; elsewhere they are plain JSON.
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package metrics

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// Namespace is where the metrics stand in CloudWatch.
const Namespace = "Omni"

// Emitter writes counts and ages, each with the dimension Channel.
type Emitter struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
}

// NewEmitter writes lines to out, which a Lambda's standard output is.
func NewEmitter(out io.Writer, now func() time.Time) *Emitter { return &Emitter{out: out, now: now} }

type directive struct {
	Timestamp         int64        `json:"Timestamp"` // milliseconds since 1970
	CloudWatchMetrics []definition `json:"CloudWatchMetrics"`
}

type definition struct {
	Namespace  string     `json:"Namespace"`
	Dimensions [][]string `json:"Dimensions"`
	Metrics    []metric   `json:"Metrics"`
}

type metric struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

// Count writes one line with those counts that are not zero.
func (e *Emitter) Count(channel string, counts map[string]int) {
	line := map[string]any{}
	var names []metric
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] != 0 {
			names = append(names, metric{Name: name, Unit: "Count"})
			line[name] = counts[name]
		}
	}
	if len(names) > 0 {
		e.write(channel, names, line)
	}
}

// Age writes one line with a duration.
func (e *Emitter) Age(channel, name string, age time.Duration) {
	e.write(channel, []metric{{Name: name, Unit: "Milliseconds"}}, map[string]any{name: age.Milliseconds()})
}

func (e *Emitter) write(channel string, names []metric, line map[string]any) {
	line["Channel"] = channel
	line["_aws"] = directive{
		Timestamp:         e.now().UnixMilli(),
		CloudWatchMetrics: []definition{{Namespace: Namespace, Dimensions: [][]string{{"Channel"}}, Metrics: names}},
	}
	rendered, err := json.Marshal(line)
	if err != nil {
		panic("metrics: counts cannot be rendered: " + err.Error())
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	// A metric that cannot be written is lost; the work that it counts is not to fail for it.
	_, _ = e.out.Write(append(rendered, '\n'))
}
