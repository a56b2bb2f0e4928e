package deploy

import (
	"bytes"
	"encoding/json"
)

// event is a line of Terraform's machine-readable output, as far as it is used here.
// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
type event struct {
	Type       string      `json:"type"`
	Message    string      `json:"@message"`
	Hook       hook        `json:"hook"`
	Diagnostic *diagnostic `json:"diagnostic"`
}

// hook is what happens to one resource.
type hook struct {
	Resource struct {
		Address string `json:"addr"`
	} `json:"resource"`
	Action  string  `json:"action"`
	Elapsed float64 `json:"elapsed_seconds"`
}

// diagnostic is an error or a warning of Terraform.
type diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"` // of the resource; may be empty
	Range    *struct {
		File  string `json:"filename"`
		Start struct {
			Line int `json:"line"`
		} `json:"start"`
	} `json:"range"`
}

// listener is the standard output of a Terraform that writes events. It hands each to handle and keeps the diagnostics.
type listener struct {
	handle      func(event) // may be nil
	diagnostics []diagnostic
	rest        []byte // the beginning of a line
}

// Write implements io.Writer. What is no event, such as a notice of a wrapper around Terraform, is passed over.
func (l *listener) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		l.take(line)
		l.rest = rest
	}
}

func (l *listener) take(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		return
	}
	if e.Diagnostic != nil {
		l.diagnostics = append(l.diagnostics, *e.Diagnostic)
	}
	if l.handle != nil {
		l.handle(e)
	}
}

// errors are the diagnostics that are no mere warnings.
func (l *listener) errors() (found []diagnostic) {
	for _, d := range l.diagnostics {
		if d.Severity == "error" {
			found = append(found, d)
		}
	}
	return found
}

// warnings are what Terraform wants to be read, without the note on -state: that it is old is no concern of the reader.
func (l *listener) warnings() (found []diagnostic) {
	for _, d := range l.diagnostics {
		if d.Severity == "warning" && d.Summary != "Deprecated flag: -state" {
			found = append(found, d)
		}
	}
	return found
}
