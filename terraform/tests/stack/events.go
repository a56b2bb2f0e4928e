package stack

import (
	"bytes"
	"encoding/json"
)

// listener reads the lines that Terraform writes with -json.
type listener struct {
	done   func(address string)
	errors []string

	rest []byte // of a line whose end has not come yet
}

type event struct {
	Type string `json:"type"`
	Hook struct {
		Resource struct {
			Address string `json:"addr"`
		} `json:"resource"`
	} `json:"hook"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
		Address  string `json:"address"`
	} `json:"diagnostic"`
}

func (l *listener) Write(part []byte) (int, error) {
	l.rest = append(l.rest, part...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(part), nil
		}
		l.rest = rest
		var e event
		if json.Unmarshal(line, &e) == nil {
			l.take(e)
		}
	}
}

func (l *listener) take(e event) {
	switch {
	case e.Type == "apply_complete" && l.done != nil:
		l.done(e.Hook.Resource.Address)
	case e.Type == "diagnostic" && e.Diagnostic.Severity == "error":
		l.errors = append(l.errors, "\n"+e.Diagnostic.Address+": "+e.Diagnostic.Summary+" "+e.Diagnostic.Detail)
	}
}
