// Package metrics writes CloudWatch metrics as log lines in the embedded metric format: no API call, no agent. CloudWatch Logs makes
// metrics of the lines; elsewhere they are plain JSON.
// Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package metrics

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Emitter writes counts and ages, each with the dimension Channel.
type Emitter struct {
	directive string // what is in every line between its time and the names of its metrics
	mu        sync.Mutex
	out       io.Writer
	now       func() time.Time
}

// NewEmitter writes lines to out, which a Lambda's standard output is. namespace is where the metrics stand in CloudWatch.
func NewEmitter(namespace string, out io.Writer, now func() time.Time) *Emitter {
	quoted, _ := json.Marshal(namespace) // of a string it cannot fail
	return &Emitter{
		directive: `,"CloudWatchMetrics":[{"Namespace":` + string(quoted) + `,"Dimensions":[["Channel"]],"Metrics":[`, out: out, now: now,
	}
}

// figure is one measurement of a line.
type figure struct {
	name, unit string
	value      int64
}

// Count writes one line with those counts that are not zero.
func (e *Emitter) Count(channel string, counts map[string]int) {
	if figures := counted(counts); len(figures) > 0 {
		e.write(channel, figures)
	}
}

// CountAged writes one line with those counts that are not zero, and a duration.
func (e *Emitter) CountAged(channel string, counts map[string]int, name string, age time.Duration) {
	e.write(channel, append(counted(counts), figure{name, "Milliseconds", age.Milliseconds()}))
}

// counted returns the counts that are not zero, by name: a line is to read the same each time.
func counted(counts map[string]int) []figure {
	figures := make([]figure, 0, len(counts)+1)
	for name, n := range counts {
		if n != 0 {
			figures = append(figures, figure{name, "Count", int64(n)})
		}
	}
	slices.SortFunc(figures, func(a, b figure) int { return strings.Compare(a.name, b.name) })
	return figures
}

// write writes a line as it stands: there are several of them for each webhook, and all that they hold are names of ours and numbers.
func (e *Emitter) write(channel string, figures []figure) {
	line := make([]byte, 0, 512)
	line = append(line, `{"Channel":"`+channel+`","_aws":{"Timestamp":`...)
	line = strconv.AppendInt(line, e.now().UnixMilli(), 10)
	line = append(line, e.directive...)
	for i, f := range figures {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, `{"Name":"`+f.name+`","Unit":"`+f.unit+`"}`...)
	}
	line = append(line, `]}]}`...)
	for _, f := range figures {
		line = append(line, `,"`+f.name+`":`...)
		line = strconv.AppendInt(line, f.value, 10)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	// A metric that cannot be written is lost; the work that it counts is not to fail for it.
	_, _ = e.out.Write(append(line, "}\n"...))
}
