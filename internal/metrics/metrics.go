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

// Emitter writes counts and ages, each with the dimension Channel.
type Emitter struct {
	namespace string
	mu        sync.Mutex
	out       io.Writer
	now       func() time.Time
}

// NewEmitter writes lines to out, which a Lambda's standard output is. namespace is where the metrics stand in CloudWatch.
func NewEmitter(namespace string, out io.Writer, now func() time.Time) *Emitter {
	return &Emitter{namespace: namespace, out: out, now: now}
}

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
	if names, line := counted(counts); len(names) > 0 {
		e.write(channel, names, line)
	}
}

// CountAged writes one line with those counts that are not zero, and a duration.
func (e *Emitter) CountAged(channel string, counts map[string]int, name string, age time.Duration) {
	names, line := counted(counts)
	line[name] = age.Milliseconds()
	e.write(channel, append(names, metric{Name: name, Unit: "Milliseconds"}), line)
}

// counted returns the counts that are not zero, by name: a line is to read the same each time.
func counted(counts map[string]int) ([]metric, map[string]any) {
	names, line := make([]metric, 0, len(counts)+1), make(map[string]any, len(counts)+3)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] != 0 {
			names = append(names, metric{Name: name, Unit: "Count"})
			line[name] = counts[name]
		}
	}
	return names, line
}

func (e *Emitter) write(channel string, names []metric, line map[string]any) {
	line["Channel"] = channel
	line["_aws"] = directive{
		Timestamp:         e.now().UnixMilli(),
		CloudWatchMetrics: []definition{{Namespace: e.namespace, Dimensions: [][]string{{"Channel"}}, Metrics: names}},
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
